"""The doors as their users see them: HTTP, the widget in a real browser, WeCom."""
