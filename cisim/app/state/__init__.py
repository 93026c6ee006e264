"""What a visitor has chosen: pure Python, without the page and without results.

`history.start` begins, `actions.act` takes an action in, `view.live_view` tells the browser, `link` and `opening`
bring sessions and scenarios in and out.
"""
