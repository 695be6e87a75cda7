"""Run by storage.migrate with an open connection; never from a command line of its own."""

from alembic import context

context.configure(
    connection=context.config.attributes['connection'],
    target_metadata=context.config.attributes['metadata'],
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
