"""At the start: every secret in the database is sealed with the present site secret."""

from amends.audit.acting import acting_as
from amends.storage.audit.words import RESEALS
from amends.storage.database import Database


def seal_all(url: str, secret: str, before: str = "") -> int:
    """Seal what stands in clear or was sealed with the secret of before; return how many.

    Raises:
        SecretUnreadable: one was sealed with another secret; nothing is changed.
    """
    db = Database(url, secret, before)
    try:
        with db.write() as uow, acting_as(RESEALS):
            count = uow.second_factors.reseal() + uow.webhooks.reseal()
            uow.commit()
            return count
    finally:
        db.close()
