class OrgMixin:
    def cookie(self) -> str:
        return self.scope["cookie"]


class OrgPart:
    def cookie(self) -> str:
        return self.scope["cookie"]
