"""The tables in which jobs show: `importjobs` and `asyncoperations`, read only here.

Columns: pa/reference/entities/importjob.md and asyncoperation.md. The names of their privileges
are inferred.
"""

from simulator.dataverse.shapes import Column, Lookup, Table
from simulator.odata.kinds import Kind

GUID, TEXT, NUMBER = Column(Kind.GUID), Column(Kind.STRING), Column(Kind.INTEGER)
TIME, DOUBLE = Column(Kind.TIME), Column(Kind.DOUBLE)
STATE = Column(Kind.INTEGER, options={0: "Ready", 1: "Suspended", 2: "Locked", 3: "Completed"})
STATUS = Column(
    Kind.INTEGER,
    options={
        0: "Waiting For Resources",
        10: "Waiting",
        20: "In Progress",
        21: "Pausing",
        22: "Canceling",
        30: "Succeeded",
        31: "Failed",
        32: "Canceled",
    },
)
_BY = {"createdby": Lookup("_createdby_value", "systemusers")}

JOB_TABLES = (
    Table(
        "importjobs",
        "importjob",
        "importjobid",
        "",
        "ImportJob",
        {
            "importjobid": GUID,
            "name": TEXT,
            "solutionname": TEXT,
            "solutionid": GUID,
            "_solutionid_value": GUID,
            "progress": DOUBLE,
            "data": TEXT,
            "startedon": TIME,
            "completedon": TIME,
            "importcontext": TEXT,
            "operationcontext": TEXT,
            "createdon": TIME,
            "modifiedon": TIME,
            "_createdby_value": GUID,
            "_organizationid_value": GUID,
        },
        _BY,
    ),
    Table(
        "asyncoperations",
        "asyncoperation",
        "asyncoperationid",
        "name",
        "AsyncOperation",
        {
            "asyncoperationid": GUID,
            "name": TEXT,
            "operationtype": NUMBER,
            "messagename": TEXT,
            "statecode": STATE,
            "statuscode": STATUS,
            "message": TEXT,
            "friendlymessage": TEXT,
            "errorcode": NUMBER,
            "startedon": TIME,
            "completedon": TIME,
            "executiontimespan": DOUBLE,
            "correlationid": GUID,
            "depth": NUMBER,
            "retrycount": NUMBER,
            "createdon": TIME,
            "modifiedon": TIME,
            "_createdby_value": GUID,
            "_ownerid_value": GUID,
        },
        _BY,
    ),
)
READ_ONLY = frozenset(table.entity_set for table in JOB_TABLES)
"""The real service lets one write them, for instance to cancel a job; the simulator does not."""
