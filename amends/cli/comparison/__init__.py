"""How two policies compare: cases read from files, figures as tables, a page and plots."""
