"""The commands `flask portal …`; each is imported when it is called for."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "init-db": "app.cli.database:init_db",
    "sync-roles": "app.cli.roles:sync_roles",
    "load-classifiers": "app.cli.classifiers:load_classifiers",
    "demo": "app.cli.demo:demo",
    "seed": "app.cli.seed:seed",
    "account": "app.cli.account:account",
    "email": "app.cli.email_address:email",
    "rotate-keys": "app.cli.rotate_keys:rotate_keys",
    "reset-second-step": "app.cli.second_step:reset_second_step",
    "service-account": "app.cli.service_account:service_account",
    "import": "app.cli.importing:import_group",
    "backup": "app.cli.backup:backup",
    "restore": "app.cli.restore:restore",
    "restore-drill": "app.cli.restore:restore_drill",
    "doctor": "app.cli.doctor:doctor",
    "worker": "app.jobs.worker:worker",
    "messages": "app.cli.messages:messages",
}


class PortalCommands(click.Group):
    """A group whose commands are imported by name, so that none slows the others down."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of a first start."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, attribute = COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is not a click command")
        return command


@click.group("portal", cls=PortalCommands)
def portal() -> None:
    """Команды портала."""
