"""Supervises the web server and the worker: supervisord, but for the second it idles before it starts them."""

import sys

from supervisor import supervisord


class Supervisor(supervisord.Supervisor):
    """supervisord's own, which starts what it supervises before its first look around, not after."""

    def runforever(self) -> None:
        """Start the programs, then watch over them until a signal ends it."""
        for group in self.process_groups.values():
            group.transition()
        super().runforever()


if __name__ == "__main__":
    supervisord.Supervisor = Supervisor
    supervisord.main(sys.argv[1:])
