"""Unbound actions of the Web API: one row each, with the parameters that it takes.

Parameters and which of them may be null: webapi/reference/<action>.md. An unknown one is a payload
error; the code for one that is missing is inferred.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.dataverse.errors import DataverseError, NotSimulatedError, bad_payload
from simulator.dataverse.exports import download, export_later, export_now
from simulator.dataverse.imports import import_later, import_now, stage
from simulator.dataverse.naming import GUID
from simulator.dataverse.promoting import promote_now, publish_now
from simulator.dataverse.session import Session

Values = dict[str, Any]
Run = Callable[[Session, Values], Awaitable[Values | None]]


@dataclass(frozen=True)
class Parameter:
    kind: str
    required: bool = False
    simulated: bool = True


@dataclass(frozen=True)
class Action:
    """`run` gives the answer's properties, or nothing for 204."""

    run: Run
    parameters: Mapping[str, Parameter]
    fixed: Mapping[str, Any]


SWITCH, NEEDED_SWITCH = Parameter("boolean"), Parameter("boolean", required=True)
ELSEWHERE = Parameter("any", simulated=False)
FILE, NEEDED_FILE = Parameter("text"), Parameter("text", required=True)

_IMPORT = {
    "OverwriteUnmanagedCustomizations": NEEDED_SWITCH,
    "PublishWorkflows": NEEDED_SWITCH,
    "CustomizationFile": FILE,
    "ConvertToManaged": SWITCH,
    "SkipProductUpdateDependencies": SWITCH,
    "SkipQueueRibbonJob": SWITCH,
    "AsyncRibbonProcessing": SWITCH,
    "SolutionParameters": Parameter("object"),
    "ComponentParameters": ELSEWHERE,
    "LayerDesiredOrder": ELSEWHERE,
    "IsTemplateMode": ELSEWHERE,
    "TemplateSuffix": ELSEWHERE,
    "TemplateDisplayNamePrefix": ELSEWHERE,
}
_NOW = {**_IMPORT, "ImportJobId": Parameter("guid", required=True)}
_LATER = {**_IMPORT, "ImportJobId": Parameter("guid")}
_HOLDING = {"HoldingSolution": SWITCH}
_EXPORT = {
    "SolutionName": NEEDED_FILE,
    "Managed": NEEDED_SWITCH,
    "TargetVersion": Parameter("text"),
    "ExportComponentsParams": ELSEWHERE,
    **dict.fromkeys(
        (
            "ExportAutoNumberingSettings",
            "ExportCalendarSettings",
            "ExportCustomizationSettings",
            "ExportEmailTrackingSettings",
            "ExportExternalApplications",
            "ExportGeneralSettings",
            "ExportIsvConfig",
            "ExportMarketingSettings",
            "ExportOutlookSynchronizationSettings",
            "ExportRelationshipRoles",
            "ExportSales",
        ),
        SWITCH,
    ),
}

ACTIONS: dict[str, Action] = {
    "ImportSolution": Action(import_now, _NOW | _HOLDING, {"operation": "Import"}),
    "ImportSolutionAsync": Action(import_later, _LATER | _HOLDING, {"operation": "Import"}),
    "StageSolution": Action(
        stage,
        {"CustomizationFile": NEEDED_FILE, "StageSolutionUploadId": Parameter("guid")},
        {},
    ),
    "StageAndUpgrade": Action(import_now, _NOW, {"operation": "StageAndUpgrade"}),
    "StageAndUpgradeAsync": Action(import_later, _LATER, {"operation": "StageAndUpgrade"}),
    "DeleteAndPromote": Action(promote_now, {"UniqueName": NEEDED_FILE}, {}),
    "PublishAllXml": Action(publish_now, {}, {}),
    "ExportSolution": Action(export_now, _EXPORT, {}),
    "ExportSolutionAsync": Action(export_later, _EXPORT, {}),
    "DownloadSolutionExportData": Action(
        download, {"ExportJobId": Parameter("guid", required=True)}, {}
    ),
}


async def act(name: str, session: Session, body: Mapping[str, Any]) -> Values | None:
    """The answer's properties with its context, or nothing where the service answers 204."""
    action = ACTIONS[name]
    values = {key: value for key, value in body.items() if not key.startswith("@")}
    for key, value in values.items():
        if key not in action.parameters:
            raise bad_payload(f"'{key}' is not a valid parameter for the operation '{name}'.")
        _check(name, key, action.parameters[key], value)
    for key, parameter in action.parameters.items():
        if parameter.required and key not in values:
            raise DataverseError(
                400, "0x80040203", f"The required parameter '{key}' of '{name}' is missing."
            )
    answer = await action.run(session, {**values, **action.fixed})
    if answer is None:
        return None
    context = f"{session.base}/$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return {"@odata.context": context, **answer}


def _check(name: str, key: str, parameter: Parameter, value: Any) -> None:
    if not parameter.simulated:
        if value not in (None, [], False, ""):
            raise NotSimulatedError(f"{key} of {name}")
        return
    if value is None and not parameter.required:
        return
    fits = {
        "boolean": isinstance(value, bool),
        "text": isinstance(value, str),
        "object": isinstance(value, dict),
        "guid": isinstance(value, str) and re.fullmatch(GUID, value) is not None,
    }
    if not fits[parameter.kind]:
        raise bad_payload(f"the value of '{key}' is no {parameter.kind}.")
