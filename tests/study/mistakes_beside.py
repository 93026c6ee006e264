"""Mistakes that show in the own code and the tables that a study file names: the text, and what the message must say.

The first fragment is what the message begins with: the place in the file.
"""

from __future__ import annotations

from study_texts import MESA, STAFF, factor, own, study, table

BESIDE: dict[str, tuple[str, list[str]]] = {
    "own code of no file": (
        own('engine = "mesa"', 'model = "owm.py:Bold"'), ["model: there is no file", "owm.py", "mean 'own.py'?"],
    ),
    "own code of no name": (own('engine = "mesa"', 'model = "own.py:Bald"'), ["model:", "defines no 'Bald'", "mean 'Bold'?"]),
    "own code without a name": (
        own('engine = "mesa"', 'model = "own.py"'), ["model: own code is written as 'file.py:Name'", "given 'own.py'"],
    ),
    "own code with an error in its syntax": (
        own('engine = "mesa"', 'model = "syntax.py:Bold"'), ["model:", "cannot be imported: SyntaxError", "line 1"],
    ),
    "own code that stops": (
        own('engine = "mesa"', 'model = "stops.py:Bold"'), ["model:", "cannot be imported: SystemExit: 3", "line 2 of stops.py"],
    ),
    "own model a function": (
        own('engine = "mesa"', 'model = "own.py:one"'),
        ["model: 'own.py:one' must name a class that extends cisim.CoalitionModel", "given a function"],
    ),
    "own model another class": (
        own('engine = "mesa"', 'model = "own.py:Other"'), ["model: 'own.py:Other' must name a class", "given another class"],
    ),
    "own model that cannot be built": (
        own('engine = "mesa"', 'model = "own.py:Broken"'), ["model: Broken cannot be built: ZeroDivisionError", "of own.py"],
    ),
    "own model without its keyword": (
        own('engine = "mesa"', 'model = "own.py:Needy"'), ["model: Needy cannot be built: TypeError", "'boldness'"],
    ),
    "own model without the engine": (own('model = "own.py:Bold"'), ["model: an own model is a Mesa model", 'engine = "mesa"']),
    "measure that an own model has not": (
        study(top=MESA, rest='[keep]\nmeasures = ["courag"]'), ["keep.measures: there is no measure 'courag'", "'courage'?"],
    ),
    "keyword without a model": (
        study(factor("model.boldness", "low = 0", "high = 1")),
        ["factor[0] ('model.boldness') is a keyword of an own model", 'add model = "my_model.py:MyCoalition"'],
    ),
    "keyword that the model does not take": (
        study(factor("model.boldnes", "low = 0", "high = 1"), top=MESA),
        ["factor[0] ('model.boldnes'): 'own.py:Bold' takes no keyword 'boldnes'", "mean 'model.boldness'?"],
    ),
    "keyword that cisim gives": (
        study(factor("model.seed", "levels = [1, 2]"), top=MESA),
        ["factor[0] ('model.seed'): a study gives 'seed' to its model by itself", "take the factor out"],
    ),
    "keyword without values": (study(factor("model.boldness"), top=MESA), ["factor[0] ('model.boldness') needs low and high"]),
    "unknown slot": (own('own_rules = { relx = "own.py:one" }'), ["own_rules.relx: there is no such slot", "mean 'relax'?"]),
    "rule with too few arguments": (
        own('own_rules = { relax = "own.py:one" }'),
        ["own_rules.relax: 'own.py:one' takes 1 arguments", "(trust, prior, silence, p)"],
    ),
    "rule no function": (own('own_rules = { relax = "own.py:NUMBER" }'), ["own_rules.relax:", "must name a function", "given 3"]),
    "rule choice that an own rule replaces": (
        study(factor("trust"), top='own_rules = { trust = "own.py:four" }'),
        ["factor[0] ('trust') has no effect beside own_rules.trust", "take one of them out"],
    ),
    "no table": (table("pionts.csv"), ["design.table: there is no file", "pionts.csv", "mean 'points.csv'?"]),
    "table a folder": (table("folder.csv"), ["design.table:", "folder.csv is a folder", "name the file in it"]),
    "table of another kind": (table("points.xlsx"), ["design: table must be a file that ends in .csv or .parquet", "'points.xlsx'"]),
    "design without its table": (study(design='kind = "table"'), ["design: a table design needs table", '"points.csv"']),
    "column that is no factor": (
        table("points.csv"), ["design.table ('points.csv'): column 'extra': this column is no factor", "take it out"],
    ),
    "factor without a column": (
        table("points.csv", STAFF, factor("extra_staff").replace("extra_staff", "extra"), factor("agenda", "low = 0", "high = 1")),
        ["factor[1] ('extra'): there is nothing of this name"],
    ),
    "wrong cell": (
        table("cells.csv"), ["design.table ('cells.csv'): row 3, column 'backbone_staff': must be a number", "'x'", "0 to 6"],
    ),
    "cell out of range": (table("high.csv"), ["design.table ('high.csv'): row 2, column 'backbone_staff'", "'99'", "0 to 6"]),
}  # fmt: skip
