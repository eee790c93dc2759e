"""The insights as a report to print, send on and keep: one page of HTML, or a PDF."""
