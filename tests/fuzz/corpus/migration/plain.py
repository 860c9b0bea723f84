"""add cart

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712
Create Date: 2026-01-01 00:00:00

"""
from typing import Sequence, Union

from alembic import op

revision: str = '27c6a30d7c24'
down_revision: Union[str, Sequence[str], None] = '1975ea83b712'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = ("a", 'b')


def upgrade() -> None:
    op.execute("""
down_revision = 'not this one'
""")
