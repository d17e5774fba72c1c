"""Nothing personal leaves unmasked. GEN-8."""


def mask_phone(number: str) -> str:
    """``138****8000``; other countries keep code and last two. GEN-8, faq-zh:1009."""
    return f"{number[:3]}****{number[-4:]}" if not number.startswith("+") else f"{number[:4]}****{number[-2:]}"


def mask_email(address: str) -> str:
    """``l***@example.com``. GEN-8."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def mask_code(number: str) -> str:
    """First and last character of an ID number or credit code. GEN-8, faq-en:799-804."""
    return f"{number[:1]}*****{number[-1:]}"


def mask_name(name: str) -> str:
    """All but the last character. GEN-8."""
    return "*" * (len(name) - 1) + name[-1:]


def mask_ip(address: str) -> str:
    """The first two parts of an address. ACC-13."""
    separator = ":" if ":" in address else "."
    return separator.join([*address.split(separator)[:2], "*", "*"])


def mask_identity(kind: str, identity: str) -> str:
    """A login identity: an e-mail as e-mail, any other like a code. GEN-8."""
    return mask_email(identity) if kind == "email" else mask_code(identity)
