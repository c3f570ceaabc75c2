"""How to reach somebody, sealed: readable only with a key that lies outside the database, and only for one link."""

from __future__ import annotations

import secrets

from listening.errors import BrokenStore

NONCE_BYTES = 12


def seal(text: str, key: bytes, bound_to: str) -> bytes:
    """:param key: 32 bytes.

    :param bound_to: what it is kept under; under any other name it cannot be opened.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, text.encode(), bound_to.encode())


def unseal(sealed: bytes, key: bytes, bound_to: str) -> str:
    """What was sealed.

    :raises BrokenStore: if it was changed, or another key sealed it.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode()).decode()
    except InvalidTag:
        raise BrokenStore(
            "How to reach this person cannot be read any more: contacts.key is not the one it was sealed with. "
            "Ask them anew."
        ) from None
