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
    groups = as_groups(frame[{group!r}], {own!r})[rows]
    splitter = GroupShuffleSplit(1, test_size={share!r}, random_state={seed!r})
    train, test = next(splitter.split(rows, groups=groups))
    return rows[train], rows[test]
'''
TIMED = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows: the last in time are the test.

    Rows of one time are not divided.
    """
    times = as_order(frame[{time!r}], {kind!r}, {format!r}, DECIMAL, {unknown!r})
    order = in_order(times.iloc[rows])
    cut = cut_in_time(places_in_time(times.iloc[rows])[order], {share!r})
    return rows[order][:cut], rows[order][cut:]
'''
TIMED_GROUPS = '''
def divide(frame, rows, values):
    """Positions of the training rows and of the test rows: the last groups in time are the test.

    Groups that begin at one time are not divided.
    """
    times = as_order(frame[{time!r}], {kind!r}, {format!r}, DECIMAL, {unknown!r})
    groups = as_groups(frame[{group!r}], {own!r})[rows]
    order = in_order(times.iloc[rows], groups)
    cut = cut_in_time(places_in_time(times.iloc[rows], groups)[order], {share!r})
    return rows[order][:cut], rows[order][cut:]
'''


def division_code(recipe: Recipe) -> tuple[str, set[str]]:
    """The function ``divide(frame, rows, values)`` of a script, and the splitters that it imports."""
    times, groups = recipe.with_role("time"), recipe.with_role("group")
    facts = {"share": recipe.split.test_size, "seed": recipe.seed, "splitter": "ShuffleSplit"}
    if groups:
        facts |= {"group": groups[0].name, "own": list(groups[0].missing)}
    if times:
        time = times[0]
        facts |= {"time": time.name, "kind": time.kind, "format": time.format, "unknown": list(time.missing)}
        return (TIMED_GROUPS if groups else TIMED).format(**facts).strip(), set()
    if groups:
        return GROUPED.format(**facts).strip(), {"GroupShuffleSplit"}
    if recipe.task == "regression":
        return RANDOM.format(**facts).strip(), {"ShuffleSplit"}
    return STRATIFIED.format(**facts).strip(), {"ShuffleSplit", "StratifiedShuffleSplit"}


def target_code(recipe: Recipe) -> str:
    """The function ``target_of(frame)`` of a script: values to learn, and the rows that are used."""
    number = recipe.task == "regression"
    choice = recipe.column(recipe.target)
    missing = list(choice.missing)
    known = f"without(frame[TARGET], {missing!r}, {missing!r}, DECIMAL, {choice.format!r})"
    read = f"as_number({known}, DECIMAL)" if number else f"as_text({known})"
    lines = [
        "def target_of(frame):",
        '    """The values to learn, and the positions of the rows that have one."""',
        f"    column = {read}",
        "    used = column.notna().to_numpy()",
    ]
    if recipe.drop_duplicates:
        names = [column.name for column in recipe.columns if column.kind != "id"]
        lines.append(f"    used = used & ~frame[{names!r}].duplicated().to_numpy()")
    dtype = '"float64"' if number else "object"
    return "\n".join([*lines, f"    return column.to_numpy(dtype={dtype}), np.flatnonzero(used)"])
