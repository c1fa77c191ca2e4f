from alembic import op


def upgrade() -> None:
    op.create_index(op.f("ix_password_reset_tokens_user_id"), "password_reset_tokens", ["user_id_2"])
