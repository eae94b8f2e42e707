"""Insights: rules that look at the books and say what an accountant should know, with the money and the documents."""
