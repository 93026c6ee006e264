"""Mistakes that show once the scenarios and factors of a study are known: the text, and what the message must say.

The first fragment is what the message begins with: the place in the file.
"""

from __future__ import annotations

from study_texts import FUNDER, MONTH, STAFF, WHOLE, factor, keep, own, study, summary

MEANT: dict[str, tuple[str, list[str]]] = {
    "misspelt parameter": (study(factor("trust_gian")), ["factor[0] ('trust_gian'): there is nothing of this name", "'trust_gain'?"]),
    "misspelt lever": (study(factor("backbone_staf")), ["factor[0] ('backbone_staf'):", "mean 'backbone_staff'?"]),
    "misspelt rule": (study(STAFF + factor("trst")), ["factor[1] ('trst'):", "mean 'trust'?"]),
    "misspelt field": (study(factor("roster.cuont", WHOLE)), ["factor[0] ('roster.cuont'):", "mean 'roster.count'?"]),
    "misspelt condition": (study(factor("condition.bakbone")), ["factor[0] ('condition.bakbone'):", "'condition.backbone'?"]),
    "name like no other": (study(factor("zzzzz")), ["factor[0] ('zzzzz'):", "List the names: cisim study names"]),
    "misspelt variant": (
        study(factor("trust", 'levels = ["symetric"]')),
        ["factor[0].levels[0] ('trust'): given 'symetric'", "'asymmetric', 'symmetric'", "mean 'symmetric'?"],
    ),
    "range of a rule": (
        study(factor("trust", "low = 0", "high = 1")),
        ["factor[0] ('trust') takes 'asymmetric', 'symmetric'", "leave out low and high"],
    ),
    "truth value of words": (
        study(factor("condition.backbone", 'levels = ["yes", "no"]')),
        ["factor[0].levels ('condition.backbone'): given 'yes', 'no'", "allowed: true, false"],
    ),
    "below what equations allow": (
        study(factor("backbone_staff", "low = -1", "high = 6")),
        ["factor[0].low ('backbone_staff'): is out of range", "given -1", "0 to 500 FTE"],
    ),
    "level above what equations allow": (
        study(factor("measurement", "levels = [0, 2]")),
        ["factor[0].levels[1] ('measurement'): is out of range", "given 2", "0 to 1 level"],
    ),
    "numbers in quotes": (
        study(factor("measurement", 'levels = ["0", "1"]')),
        ["factor[0].levels ('measurement'): must be numbers", "given '0', '1'", "0 to 1"],
    ),
    "declared range on a log scale": (
        study(factor("backbone_staff", 'scale = "log"')),
        ["factor[0] ('backbone_staff') has the declared range 0 to 8", 'scale = "log"', "give low and high"],
    ),
    "declared range of whole numbers": (
        study(factor("trust_gain", "integer = true")),
        ["factor[0] ('trust_gain') has the declared range 0.01 to 0.08", "integer = true", "give low and high"],
    ),
    "factor twice": (study(STAFF + STAFF), ["factor 'backbone_staff' is there 2 times", "name each once"]),
    "continuous in a grid": (
        study(design='kind = "grid"'), ["factor[0] ('backbone_staff') is continuous", "steps = 5", "or levels"],
    ),
    "group in a grid": (
        study("", top='every = ["levers"]', design='kind = "grid"'),
        ["design: every gives ranges", "a grid design needs levels or steps", "such as sobol"],
    ),
    "zip of unequal lengths": (
        study(factor("agenda", "levels = [0, 1]") + factor("measurement", "levels = [0, 0.5, 1]"), design='kind = "zip"'),
        ["design: a zip design needs as many values of each factor", "'agenda' 2, 'measurement' 3"],
    ),
    "too many points": (
        study("".join(factor(name, "low = 0", "high = 1", "steps = 5000") for name in ("agenda", "measurement")),
              design='kind = "grid"'),
        ["design: the grid has more than 16,777,216 points", "fewer levels or steps"],
    ),
    "too many sampled points": (
        study(design='kind = "saltelli"\npoints = 16777216'), ["design: the saltelli design has 50,331,648", "16,777,216"],
    ),
    "when of no factor": (
        study(STAFF + factor("agenda", "when = { backbone_staf = 3 }")),
        ["factor[1] ('agenda'): when names 'backbone_staf'", "no factor here", "mean 'backbone_staff'?"],
    ),
    "when of itself": (study(factor("agenda", "when = { agenda = 1 }")), ["factor[0] ('agenda'): when names the factor itself"]),
    "when in a circle": (
        study(factor("trust", 'when = { influence = "degroot" }') + factor("influence", 'when = { trust = "symmetric" }')),
        ["when goes in a circle", "'trust' needs 'influence'", "take one of them out"],
    ),
    "when of an impossible value": (
        study(factor("trust") + factor("trust_loss_ratio", 'when = { trust = "symetric" }')),
        ["factor[1] ('trust_loss_ratio'): when: 'trust' is never 'symetric'", "mean 'symmetric'?"],
    ),
    "when of an impossible range": (
        study(STAFF + factor("agenda", "when = { backbone_staff = { low = 10 } }")),
        ["factor[1] ('agenda'): when: 'backbone_staff' is never 10 or more", "0 to 6"],
    ),
    "when of one number of many": (
        study(STAFF + factor("agenda", "when = { backbone_staff = 3 }")),
        ["factor[1] ('agenda'): when: 'backbone_staff' is never 3", "give a range, such as { low = 1 }"],
    ),
    "condition and its lever": (
        study(STAFF + factor("condition.backbone")),
        ["factor[0] ('backbone_staff') has no effect where 'condition.backbone' is false",
         'write in it: when = { "condition.backbone" = true }'],
    ),
    "lever where its condition is off": (
        study(factor("agenda", 'when = { "condition.agenda" = false }') + factor("condition.agenda")),
        ["factor[0] ('agenda') has no effect where 'condition.agenda' is false", '= true }'],
    ),
    "condition and the lever of a group": (
        study(factor("condition.backbone"), top='every = ["levers"]'),
        ["factor 'backbone_staff' has no effect", 'give it a [[factor]] with: when = { "condition.backbone" = true }'],
    ),
    "field of an event that may not be": (
        study(factor("event.funder-leaves") + factor(MONTH, WHOLE), top=FUNDER),
        [f"factor[1] ('{MONTH}') has no effect where 'event.funder-leaves' is false", "write in it: when"],
    ),
    "misspelt event": (
        study(factor("event.funder-leave", "levels = [true]"), top=FUNDER),
        ["factor[0] ('event.funder-leave'): scenario 'funder-leaves' has no event", "mean 'funder-leaves'?"],
    ),
    "second event of one": (
        study(factor("event.funder-leaves-2"), top=FUNDER), ["factor[0]", "no event 'funder-leaves-2'", "mean 'funder-leaves'?"],
    ),
    "event where there is none": (
        study(factor("event.funder-leaves")), ["factor[0] ('event.funder-leaves'): scenario 'collective-impact'", "none at all, other scenarios have"],
    ),
    "event of some scenarios": (
        study(factor("scenario", 'levels = ["funder-leaves", "agenda-alone"]') + factor("event.funder-leaves")),
        ["factor[1] ('event.funder-leaves'): scenario 'agenda-alone' has no event",
         'Write in the factor: when = { scenario = ["funder-leaves"] }'],
    ),
    "misspelt field of an event": (
        study(factor("event.funder-leaves.mnth", WHOLE), top=FUNDER),
        ["factor[0] ('event.funder-leaves.mnth'): event 'funder-leaves' has no field 'mnth'", "mean 'month'?"],
    ),
    "range of an event": (
        study(factor("event.funder-leaves", "low = 0", "high = 1"), top=FUNDER),
        ["factor[0] ('event.funder-leaves') takes true, false", "leave out low and high"],
    ),
    "month of an event, not whole": (
        study(factor(MONTH, "low = 12", "high = 24"), top=FUNDER),
        [f"factor[0] ('{MONTH}') takes whole numbers only", "integer = true"],
    ),
    "month of an event after the end": (
        study(factor(MONTH, "levels = [12, 300]"), top=FUNDER),
        [f"factor[0].levels[1] ('{MONTH}'): with 300", "after the end", "1 to 120"],
    ),
    "field without values": (study(factor(MONTH), top=FUNDER), [f"factor[0] ('{MONTH}') needs low and high, or levels"]),
    "partners not whole": (
        study(factor("roster.count", "low = 5", "high = 10")), ["factor[0] ('roster.count') takes whole numbers", "integer"],
    ),
    "partners as fractions": (
        study(factor("roster.count", "levels = [5, 7.5]")),
        ["factor[0].levels ('roster.count'): must be whole numbers", "given 5.0, 7.5"],
    ),
    "no partners": (
        study(factor("roster.count", "low = 0", "high = 5", "integer = true")),
        ["factor[0].low ('roster.count'): with 0", "nobody", "one partner or more"],
    ),
    "word of a field": (
        study(factor("network.possible", 'levels = ["all", "sparce"]')),
        ["factor[0].levels[1] ('network.possible'): with 'sparce'", "'all', 'sparse'", "mean 'sparse'?"],
    ),
    "range of a word": (
        study(factor("network.possible", "low = 0", "high = 1")),
        ["factor[0] ('network.possible') is text, now 'all'", "give it levels"],
    ),
    "target above 1": (
        study(factor("issue.target", "low = 0", "high = 1.5")), ["factor[0].high ('issue.target'): with 1.5", "0 to 1"],
    ),
    "lever that events bring too far": (
        study(factor("backbone_staff", "low = 0", "high = 450"), top='base = "hires.toml"'),
        ["factor[0].high ('backbone_staff'): with 450", "550 in month 7", "0 to 500 FTE"],
    ),
    "misspelt preset": (own('base = "colective-impact"'), ["base: there is no preset 'colective-impact'", "'collective-impact'?"]),
    "no base file": (own('base = "hlaf.toml"'), ["base: there is no file", "hlaf.toml", "mean 'half.toml'?"]),
    "base file of another kind": (own('base = "half.tml"'), ["base:", "must end in .toml", "'half.tml'", "mean 'half.toml'?"]),
    "base a folder": (own('base = "folder.toml"'), ["base:", "folder.toml is a folder", "name the file in it"]),
    "base not text": (own('base = "binary.toml"'), ["base: in 'binary.toml'", "UTF-8"]),
    "base with a hole in its name": (own('base = "a\\u0000.toml"'), ["base: there is no file"]),
    "base too short for its events": (
        own(FUNDER, "months = 24"), ["base: in 'funder-leaves', event[0]", "month 36 is after the end", "1 to 24"],
    ),
    "event of a faulty base": (
        study(factor("event.funder-leaves"), top='base = "unnamed.toml"'), ["base: in 'unnamed.toml', name: is missing"],
    ),
    "misspelt scenario": (
        study(factor("scenario", 'levels = ["agenda-alon", "isolated-impact"]')),
        ["factor[0].levels ('scenario'): there is no preset 'agenda-alon'", "mean 'agenda-alone'?"],
    ),
    "no scenarios": (study(factor("scenario")), ["factor[0] ('scenario') needs levels", "presets"]),
    "scenarios of different horizons": (
        study(factor("scenario", 'levels = ["half.toml", "isolated-impact"]')),
        ["months: scenarios have different horizons", "60 ('half.toml')", "120", "write months"],
    ),
    "misspelt measure": (keep('measures = ["severty"]'), ["keep.measures: there is no measure 'severty'", "mean 'severity'?"]),
    "measure like no other": (keep('measures = ["zzz"]'), ["keep.measures: there is no measure 'zzz'", "cisim measures"]),
    "month after the horizon": (keep("months = [12, 300]"), ["keep.months: 300 is after the horizon", "0 to 120"]),
    "measure of a summary": (
        summary('name = "x"\ntake = "mean"\nmeasure = "engagment"'),
        ["summary[0].measure ('x'): there is no measure 'engagment'", "mean 'engagement'?"],
    ),
    "two summaries of one name": (
        study(rest='[[summary]]\nname = "x"\ntake = "months-to-target"\n' * 2), ["summary 'x' is there 2 times", "name each once"],
    ),
    "first month of nothing": (
        summary('name = "x"\ntake = "first-month"\nmeasure = "severity"'),
        ["summary[0] ('x') takes first-month", "at_most or at_least", "given neither"],
    ),
    "first month of both": (
        summary('name = "x"\ntake = "first-month"\nmeasure = "severity"\nat_most = 1\nat_least = 0'),
        ["summary[0] ('x') takes first-month", "given both", "give one of them"],
    ),
    "mean with a bound": (
        summary('name = "x"\ntake = "mean"\nmeasure = "severity"\nat_most = 1'),
        ["summary[0] ('x') takes mean", "leave out at_most", "only first-month"],
    ),
    "mean of nothing": (summary('name = "x"\ntake = "mean"'), ["summary[0] ('x') takes mean of no measure", "for example"]),
    "target of another measure": (
        summary('name = "x"\ntake = "months-to-target"\nmeasure = "engagement"'),
        ["summary[0].measure ('x'): months-to-target is of severity", "given 'engagement'", "leave measure out"],
    ),
    "summary called like a measure": (
        summary('name = "severity"\ntake = "months-to-target"'), ["summary[0].name ('severity'):", "a measure", "'my_severity'"],
    ),
    "summary called like a factor": (
        summary('name = "backbone_staff"\ntake = "months-to-target"'), ["summary[0].name ('backbone_staff'):", "a factor"],
    ),
    "summary called like a column": (
        summary('name = "replicate"\ntake = "months-to-target"'), ["summary[0].name ('replicate'):", "a column", "choose another"],
    ),
}  # fmt: skip
