"""Which files of an import were imported before: those, and the tables inside of them that are archives."""

from __future__ import annotations

from itertools import accumulate


class RepeatedFiles(frozenset[str]):
    """Names of files; ``包.zip/一/甲.csv`` is among them when ``包.zip`` is."""

    def __contains__(self, name: object) -> bool:
        within = super().__contains__
        return within(name) or any(map(within, accumulate(str(name).split("/"), "{}/{}".format)))
