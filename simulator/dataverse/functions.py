"""Unbound functions of the Web API: one row each."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from simulator.dataverse.errors import bad_query, missing
from simulator.dataverse.import_log import formatted
from simulator.dataverse.naming import GUID
from simulator.dataverse.session import Session
from simulator.world import organisation_hosts

Parameters = Mapping[str, str]
ACCESS_TYPE = re.compile(
    r"Microsoft\.Dynamics\.CRM\.EndpointAccessType'(Default|Internet|Intranet)'"
)


def who_am_i(session: Session, _: Parameters) -> dict[str, Any]:
    return {
        "BusinessUnitId": session.user["_businessunitid_value"],
        "UserId": session.user["systemuserid"],
        "OrganizationId": session.organisation["id"],
    }


def retrieve_version(session: Session, _: Parameters) -> dict[str, Any]:
    return {"Version": session.organisation["version"]}


def retrieve_current_organization(session: Session, parameters: Parameters) -> dict[str, Any]:
    """Takes AccessType as an alias or inline (RetrieveCurrentOrganization function reference)."""
    if not ACCESS_TYPE.fullmatch(parameters.get("AccessType", "")):
        raise bad_query("The parameter 'AccessType' is not an EndpointAccessType.")
    organisation = session.organisation
    tenant = session.world.facts["tenants"][organisation["tenant"]]
    root, api = (f"https://{host}/" for host in organisation_hosts(organisation))
    detail = {
        "OrganizationId": organisation["id"],
        "FriendlyName": organisation["name"],
        "OrganizationVersion": organisation["version"],
        "EnvironmentId": organisation["environment_id"],
        "DatacenterId": "00000000-0000-0000-0000-000000000000",
        "Geo": "EMEA",
        "TenantId": tenant["id"],
        "UrlName": organisation["host"].partition(".")[0],
        "UniqueName": organisation["unique_name"],
        "State": "Enabled",
        "Endpoints": {
            "Count": 3,
            "IsReadOnly": False,
            "Keys": ["WebApplication", "OrganizationService", "OrganizationDataService"],
            "Values": [
                root,
                f"{api}XRMServices/2011/Organization.svc",
                f"{api}XRMServices/2011/OrganizationData.svc",
            ],
        },
    }
    return {"Detail": detail}


def retrieve_formatted_import_job_results(
    session: Session, parameters: Parameters
) -> dict[str, Any]:
    """The log of an import as a sheet for Excel (…Results function reference)."""
    wanted = parameters.get("ImportJobId", "").lower()
    if set(parameters) != {"ImportJobId"} or not re.fullmatch(GUID, wanted):
        raise bad_query("The function needs ImportJobId, an Edm.Guid, and takes nothing else.")
    session.require("prvReadImportJob", "importjob")
    row = session.rows("importjobs").get(wanted)
    if row is None:
        raise missing("importjob", wanted)
    return {"FormattedResults": formatted(row["data"])}


FUNCTIONS: dict[str, Callable[[Session, Parameters], dict[str, Any]]] = {
    "WhoAmI": who_am_i,
    "RetrieveVersion": retrieve_version,
    "RetrieveCurrentOrganization": retrieve_current_organization,
    "RetrieveFormattedImportJobResults": retrieve_formatted_import_job_results,
}


def call(name: str, inline: str, aliases: Mapping[str, str], session: Session) -> dict[str, Any]:
    """`inline` is the text between the parentheses; an alias in it is looked up."""
    parameters: dict[str, str] = {}
    for part in filter(None, inline.split(",")):
        key, equals, value = part.partition("=")
        if not equals:
            raise bad_query(f"'{part}' is not a parameter of '{name}'.")
        value = value.strip()
        parameters[key.strip()] = aliases.get(value, "") if value.startswith("@") else value
    answer = FUNCTIONS[name](session, parameters)
    context = f"{session.base}/$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return {"@odata.context": context, **answer}
