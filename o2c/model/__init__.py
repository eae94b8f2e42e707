"""What the books say: pure values, read from Beancount directives and turned back into them."""
