"""The site's word for who its logged-in customer is: a JWT, HS256, signed with the site secret."""

from datetime import datetime, timedelta

import jwt

from amends.gateway.errors import IdentityRefused

AUDIENCE = "amends"
_ALGORITHM = "HS256"
_MOST_CHARACTERS = 4096


def sign(secret: str, *, customer_id: str, email: str, name: str, expires_at: datetime) -> str:
    """Return a signed identity, as the site's server would make it."""
    claims = {"sub": customer_id, "email": email, "name": name, "exp": expires_at, "aud": AUDIENCE}
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def verify(secret: str, token: str, now: datetime) -> str:
    """Return the customer id that the site vouches for.

    `exp` and `sub` must be there. `aud` may be left out; when it is there it must name us, so
    that a token made for another service does not open this one.

    Raises:
        IdentityRefused: Wrong signature, expired, made for another service, or not a JWT.
    """
    if len(token) > _MOST_CHARACTERS:
        raise IdentityRefused("it is too long")
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            # Time and audience are checked below: with the clock passed in, and an optional `aud`.
            options={"require": ["exp", "sub"], "verify_aud": False, "verify_exp": False},
        )
        expires = datetime.fromtimestamp(float(claims["exp"]), tz=now.tzinfo)
    except jwt.MissingRequiredClaimError as error:
        raise IdentityRefused(f"the claim {error.claim!r} is missing") from None
    except jwt.InvalidSignatureError:
        raise IdentityRefused("its signature is wrong") from None
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
        raise IdentityRefused("it is not a JWT signed with HS256") from None
    if expires <= now - timedelta(seconds=5):
        raise IdentityRefused("it has expired")
    if AUDIENCE not in _audiences(claims.get("aud", AUDIENCE)):
        raise IdentityRefused("it was made for another service")
    customer_id = claims["sub"]
    if not 0 < len(customer_id) <= 128:
        raise IdentityRefused("its subject is not a customer id")
    return str(customer_id)


def _audiences(claim: object) -> list[object]:
    return claim if isinstance(claim, list) else [claim]
