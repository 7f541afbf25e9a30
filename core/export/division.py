"""A script's own target and division of rows: the one case of core.train.target and split that it needs."""

from __future__ import annotations

from core.recipe.document import Recipe

RANDOM = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows."""
    splitter = {splitter}(1, test_size={share!r}, random_state={seed!r})
    train, test = next(splitter.split(rows))
    return np.sort(rows[train]), np.sort(rows[test])
'''
STRATIFIED = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows, classes in proportion."""
    labels = values[rows].astype(str)
    plenty = np.unique(labels, return_counts=True)[1].min() >= 2
    kind = StratifiedShuffleSplit if plenty else ShuffleSplit
    splitter = kind(1, test_size={share!r}, random_state={seed!r})
    train, test = next(splitter.split(rows, labels))
    return np.sort(rows[train]), np.sort(rows[test])
'''
GROUPED = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows; a group is never divided."""
    groups = frame[{group!r}].iloc[rows].astype("str").to_numpy()
    splitter = GroupShuffleSplit(1, test_size={share!r}, random_state={seed!r})
    train, test = next(splitter.split(rows, groups=groups))
    return rows[train], rows[test]
'''
TIMED = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows: the last in time are the test."""
    times = frame[{time!r}].iloc[rows].reset_index(drop=True)
    ordered = rows[times.sort_values(kind="stable", na_position="first").index.to_numpy()]
    cut = len(ordered) - round({share!r} * len(ordered))
    return ordered[:cut], ordered[cut:]
'''
TIMED_GROUPS = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows: the last groups in time are the test."""
    times = frame[{time!r}].iloc[rows].to_numpy()
    groups = frame[{group!r}].iloc[rows].astype("str").to_numpy()
    first = pd.Series(times).groupby(groups).transform("min").to_numpy()
    order = np.lexsort((times, groups, first))
    ordered, groups = rows[order], groups[order]
    cut = len(ordered) - round({share!r} * len(ordered))
    while cut > 1 and groups[cut - 1] == groups[cut]:
        cut -= 1
    return ordered[:cut], ordered[cut:]
'''


def division_code(recipe: Recipe) -> tuple[str, set[str]]:
    """The function ``divide(frame, rows, values)`` of a script, and the splitters that it imports."""
    times, groups = recipe.with_role("time"), recipe.with_role("group")
    facts = {"share": recipe.split.test_size, "seed": recipe.seed, "splitter": "ShuffleSplit"}
    if times:
        text = TIMED_GROUPS if groups else TIMED
        return text.format(time=times[0].name, group=groups[0].name if groups else "", **facts).strip(), set()
    if groups:
        return GROUPED.format(group=groups[0].name, **facts).strip(), {"GroupShuffleSplit"}
    if recipe.task == "regression":
        return RANDOM.format(**facts).strip(), {"ShuffleSplit"}
    return STRATIFIED.format(**facts).strip(), {"ShuffleSplit", "StratifiedShuffleSplit"}


def target_code(recipe: Recipe) -> str:
    """The function ``target_of(frame)`` of a script: values to learn, and the rows that are used."""
    read, dtype = ("as_number", '"float64"') if recipe.task == "regression" else ("as_text", "object")
    missing = list(recipe.column(recipe.target).missing)
    lines = [
        "def target_of(frame):",
        '    """The values to learn, and the positions of the rows that have one."""',
        f"    column = {read}(frame[TARGET])",
        "    used = column.notna().to_numpy()",
    ]
    if missing:
        lines.append(f"    used = used & ~as_text(frame[TARGET]).isin({missing!r}).to_numpy()")
    if recipe.drop_duplicates:
        names = [column.name for column in recipe.columns if column.kind != "id"]
        lines.append(f"    used = used & ~frame[{names!r}].duplicated().to_numpy()")
    return "\n".join([*lines, f"    return column.to_numpy(dtype={dtype}), np.flatnonzero(used)"])
