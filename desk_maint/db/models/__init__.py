"""All tables; importing this module is what fills ``Base.metadata``."""

from desk_maint.db.models.base import Base
from desk_maint.db.models.calendars import Calendar, CalendarVersion, SpecialDay
from desk_maint.db.models.devices import Device, DeviceStateChange, Placement
from desk_maint.db.models.faults import Attachment, Fault, FaultNote, Hold
from desk_maint.db.models.history import Change, ChangedField
from desk_maint.db.models.inspections import Inspection, InspectionPlan
from desk_maint.db.models.jobs import JobRun
from desk_maint.db.models.outlets import Outlet
from desk_maint.db.models.people import Person, person_outlet
from desk_maint.db.models.repair_limits import RepairLimit
from desk_maint.db.models.settings import Setting
from desk_maint.db.models.stoppages import Stoppage
from desk_maint.db.models.symptoms import Symptom

__all__ = [
    "Attachment",
    "Base",
    "Calendar",
    "CalendarVersion",
    "Change",
    "ChangedField",
    "Device",
    "DeviceStateChange",
    "Fault",
    "FaultNote",
    "Hold",
    "Inspection",
    "InspectionPlan",
    "JobRun",
    "Outlet",
    "Person",
    "Placement",
    "RepairLimit",
    "Setting",
    "SpecialDay",
    "Stoppage",
    "Symptom",
    "person_outlet",
]
