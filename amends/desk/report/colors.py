"""The colours of paper; those that `charts.css` falls back to."""

INK, PALE, LINE, STRONG = "#16212a", "#5f6d76", "#dde3e6", "#c3ccd1"
OWN = {"first": "#0e6f6a", "second": "#2457a6", "third": "#8a5300"}
BARS = {"bar": "#0e6f6a", "quiet": "#5f6d76", "good": "#1d6b3a", "bad": "#b3261e", "track": LINE}
MARKS = {
    "mark-1": "#b3261e",
    "mark-2": "#8a5300",
    "mark-3": "#5f6d76",
    "mark-4": "#2457a6",
    "mark-5": "#0e6f6a",
}
