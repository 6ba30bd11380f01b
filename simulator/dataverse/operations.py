"""What a job on solutions can be: one row each.

Numbers: `operationtype` of pa/reference/entities/asyncoperation.md. Which of them lock the others
out: SupportArticles, concurrent solution operation failures.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """`logs` says that it has a row in `importjobs`, `locks` that it bears no other beside it."""

    type: int
    message: str
    title: str
    logs: bool = False
    locks: bool = True


OPERATIONS: dict[str, Operation] = {
    "Import": Operation(203, "ImportSolutionAsync", "Import solution", logs=True),
    "Export": Operation(202, "ExportSolutionAsync", "Export solution", locks=False),
    "PublishAll": Operation(204, "PublishAllXml", "Publish all customizations"),
    "DeleteAndPromote": Operation(207, "DeleteAndPromote", "Delete and promote solution"),
    "Uninstall": Operation(208, "Uninstall", "Uninstall solution"),
    "StageAndUpgrade": Operation(211, "StageAndUpgradeAsync", "Upgrade solution", logs=True),
}
"""By the word that stands in brackets in the refusal of a second one."""
