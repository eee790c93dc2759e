"""The first person who may sign in."""

from amends.handoff.model import StaffMember, StaffRole
from amends.storage.database import Database
from amends.storage.errors import Conflict
from amends.storage.passwords import hash_password, one_time_password
from amends.values import new_id


def ensure_admin(url: str, login: str = "admin", password: str | None = None) -> str | None:
    """Make an administrator when there is no staff yet.

    Args:
        url: Database with all tables.
        login: The administrator's sign-in name.
        password: The administrator's; one is made when it is None or empty.

    Returns:
        The password, to be shown once; None when there is staff already, then nothing changes.
    """
    db = Database(url)
    try:
        with db.write() as uow:
            if uow.staff.all():
                return None
            chosen = password or one_time_password()
            member = StaffMember(
                id=new_id(),
                login=login,
                name="Administrator",
                role=StaffRole.ADMIN,
                password_is_made=not password,
            )
            uow.staff.add(member, hash_password(chosen))
            uow.commit()
        return chosen
    except Conflict:  # another process made one at this very moment
        return None
    finally:
        db.close()
