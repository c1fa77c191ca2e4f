import library
from orgs.parts import OrgPart
from users.models import User


class View(library.Consumer, OrgPart):
    user = User()
