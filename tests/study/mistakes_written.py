"""Mistakes that show in the text of a study file by itself: the text, and what the message must say.

The first fragment is what the message begins with: the place in the file.
"""

from __future__ import annotations

from study_texts import RANDOM, STAFF, factor, keep, own, study, summary

WRITTEN: dict[str, tuple[str, list[str]]] = {
    "not TOML": ("name = ", ["not valid TOML", "line 1", "look at that line"]),
    "key given twice": ('name = "a"\nname = "b"', ["not valid TOML", "line 2"]),
    "quote left open": ('name = "a', ["not valid TOML", "Unterminated string"]),
    "number of 5000 digits": (f"seed = {'1' * 5000}", ["not valid TOML", "Too long"]),
    "no name": (study().replace('name = "a"\n', "", 1), ["name: is missing", 'for example name = "staff-sweep"']),
    "no design": (f'name = "a"\n{STAFF}', ["design: is missing", '[design] and below it kind = "one-at-a-time"']),
    "no kind": (study(design=""), ["design.kind: is missing", 'for example kind = "sobol"']),
    "no factor": (study(""), ["a study needs at least one [[factor]]", 'every = ["uncertainties"]']),
    "factor without a name": (study("[[factor]]\nlow = 0\nhigh = 1"), ["factor[0].name: is missing", "for example"]),
    "summary without a name": (summary('take = "mean"\nmeasure = "severity"'), ["summary[0].name: is missing"]),
    "summary without take": (summary('name = "x"'), ["summary[0].take ('x'): is missing", 'take = "mean"']),
    "unknown key": (own("replicats = 3"), ["replicats: is not a known key", "given 3", "mean 'replicates'?"]),
    "a key that Python uses": (own("self = 1"), ["self: is not a known key", "given 1", "Known: base, "]),
    "unknown table": (study(rest='[[summaries]]\nname = "x"'), ["summaries: is not a known key", "mean 'summary'?"]),
    "key of design": (study(design=f"{RANDOM}\nsed = 1"), ["design.sed: is not a known key", "mean 'seed'?"]),
    "key of factor": (
        study(factor("backbone_staff", "low = 0", "hihg = 6")),
        ["factor[0].hihg ('backbone_staff'): is not a known key", "given 6", "mean 'high'?"],
    ),
    "key of keep": (keep('measure = ["severity"]'), ["keep.measure: is not a known key", "mean 'measures'?"]),
    "key of summary": (
        summary('name = "x"\ntake = "mean"\nmeasure = "severity"\nat_mots = 1'),
        ["summary[0].at_mots ('x'): is not a known key", "mean 'at_most'?"],
    ),
    "name with capitals": (study().replace('"a"', '"My Study"'), ["name:", "'My Study'", "small letters, digits"]),
    "title a number": (own("title = 3"), ["title: must be text", "given 3", "quotes"]),
    "base a number": (own("base = 3"), ["base: must be text", "given 3", "quotes"]),
    "months in quotes": (own('months = "24"'), ["months: must be a whole number", "'24'", "from 1 to 1200"]),
    "horizon 0": (own("months = 0"), ["months: is out of range", "given 0", "from 1 to 1200 months"]),
    "months a date": (own("months = 2030-01-01"), ["months: must be a whole number", "2030"]),
    "replicates negative": (own("replicates = -1"), ["replicates: is out of range", "given -1", "from 1 to 1000000"]),
    "replicates in quotes": (own('replicates = "10"'), ["replicates: must be a whole number", "given '10'"]),
    "seed negative": (own("seed = -1"), ["seed: is out of range", "given -1", "0 to 4294967295"]),
    "seed a fraction": (own("seed = 1.5"), ["seed: must be a whole number", "given 1.5"]),
    "other format": (own("format = 2"), ["format:", "given 2", "only format so far"]),
    "engine": (own('engine = "compild"'), ["engine: given 'compild'", "'compiled', 'mesa'", "mean 'compiled'?"]),
    "group no list": (own('every = "levers"'), ["every: must be", '["levers"]', "given 'levers'"]),
    "unknown group": (own('every = ["uncertainty"]'), ["every: must be", '["uncertainties"]', "['uncertainty']"]),
    "own rules no table": (own('own_rules = "a.py:b"'), ["own_rules: must be a table", "'a.py:b'", 'as in own_rules = {']),
    "own rule a number": (own("own_rules = { relax = 3 }"), ["own_rules: must be a table", "in quotes", "3"]),
    "model a number": (own('engine = "mesa"\nmodel = 3'), ["model: must be text", "given 3", "quotes"]),
    "design a word": (f'name = "a"\ndesign = "sobol"\n{STAFF}', ["design: must be a table", "given 'sobol'"]),
    "design in two brackets": (
        f'name = "a"\n[[design]]\nkind = "grid"\n{STAFF}',
        ["design: must be a table", "write [design] with single brackets"],
    ),
    "factor in one bracket": (
        study('[factor]\nname = "agenda"'), ["factor: must be a list", "write [[factor]] with two brackets"],
    ),
    "factor a word": (f'name = "a"\nfactor = ["agenda"]\n[design]\n{RANDOM}', ["factor[0]: must be a table", "'agenda'"]),
    "summary in one bracket": (study(rest='[summary]\nname = "x"'), ["summary: must be a list", "two brackets"]),
    "keep in two brackets": (study(rest='[[keep]]\nmonths = "all"'), ["keep: must be a table", "[keep] with single"]),
    "kind of design": (study(design='kind = "sobel"'), ["design.kind: given 'sobel'", "'grid', 'zip'", "mean 'sobol'?"]),
    "points in quotes": (study(design='kind = "random"\npoints = "4"'), ["design.points: must be a whole number", "'4'"]),
    "no points": (study(design='kind = "sobol"'), ["design: a sobol design needs points", "points = 1024"]),
    "no power of two": (
        study(design='kind = "sobol"\npoints = 100'),
        ["design: points must be a power of two", "given 100", "nearest are 64 and 128"],
    ),
    "points of a grid": (study(design='kind = "grid"\npoints = 4'), ["design: points does not belong to a grid design"]),
    "low in quotes": (study(factor("agenda", 'low = "0"', "high = 1")), ["factor[0].low ('agenda'): must be a number", "'0'"]),
    "low above high": (
        study(factor("backbone_staff", "low = 6", "high = 0")),
        ["factor[0] ('backbone_staff') goes from 6 to 0", "low must be below high"],
    ),
    "only low": (study(factor("agenda", "low = 0")), ["factor[0] ('agenda') has low = 0 and no high", "give both"]),
    "levels and low": (
        study(factor("agenda", "low = 0", "levels = [0, 1]")),
        ["factor[0] ('agenda') has levels and also low and high", "take one of them out"],
    ),
    "level twice": (study(factor("agenda", "levels = [0, 1, 1]")), ["factor[0].levels ('agenda'): has 1 more than once"]),
    "levels of two kinds": (
        study(factor("agenda", 'levels = [0, "a"]')), ["factor[0].levels ('agenda'): mixes numbers and text", "[0, 'a']"],
    ),
    "log scale from 0": (
        study(factor("backbone_staff", "low = 0", "high = 6", 'scale = "log"')),
        ["factor[0] ('backbone_staff') has a log scale", "given low = 0", "allowed is above 0"],
    ),
    "when a word": (
        study(factor("agenda", 'when = "trust"')),
        ["factor[0].when ('agenda'): must be a table", "given 'trust'", 'when = { "condition.backbone" = true }'],
    ),
    "take": (summary('name = "x"\ntake = "men"'), ["summary[0].take ('x'): given 'men'", "'least'", "mean 'mean'?"]),
    "summary of two words": (
        summary('name = "my sum"\ntake = "months-to-target"'), ["summary[0].name", "'my sum'", "letters, digits and _"],
    ),
    "measures a word": (keep('measures = "severity"'), ["keep.measures: must be a list", "'severity'", "cisim measures"]),
    "measure twice": (keep('measures = ["severity", "severity"]'), ["keep.measures: names a measure twice", "each once"]),
    "months kept, a word": (keep('months = "al"'), ["keep.months: must be", '"all" or a list', "given 'al'"]),
    "months kept, a number": (keep("months = 12"), ["keep.months: must be", "[12, 60, 120]", "given 12"]),
    "months kept, none": (keep("months = []"), ["keep.months: must be", "given []"]),
}  # fmt: skip
