"""Order to cash on plain-text Beancount books."""
