"""Each review has a number that a person can write, and no number is ever given to two reviews."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

BY_WORTH = "SELECT row_number() OVER (ORDER BY worth DESC, id), id FROM reviews"


def upgrade() -> None:
    """Number the reviews that there are, the most worthwhile first."""
    op.create_table(
        "review_numbers",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("review_id", String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_review_numbers"),
        sa.UniqueConstraint("review_id", name="uq_review_numbers_review_id"),
    )
    op.execute(f"INSERT INTO review_numbers (number, review_id) {BY_WORTH}")
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("number", sa.Integer))
    op.execute("UPDATE reviews SET number = (SELECT n.number FROM review_numbers n WHERE n.review_id = reviews.id)")
    with op.batch_alter_table("reviews") as table:
        table.alter_column("number", existing_type=sa.Integer, nullable=False)
        table.create_unique_constraint("uq_reviews_number", ["number"])


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("reviews") as table:
        table.drop_constraint("uq_reviews_number", type_="unique")
        table.drop_column("number")
    op.drop_table("review_numbers")
