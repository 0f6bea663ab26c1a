"""Tenants come and go: registration, schemas copied from public, spares kept ready, suspension, removal.

What a tenant is, `tenancy` says; this package makes and unmakes them, with keys, jobs and the first person.
"""

from clerestory.platform.provisioning.admission import Admission
from clerestory.platform.provisioning.build import Builder
from clerestory.platform.provisioning.jobs import TASKS
from clerestory.platform.provisioning.provisioner import Provisioner
from clerestory.platform.provisioning.registration import Registered, Registrant, register, retry
from clerestory.platform.provisioning.removal import remove, resume, suspend
from clerestory.platform.provisioning.settings import ProvisioningSettings
from clerestory.platform.provisioning.spares import Spares
from clerestory.platform.provisioning.watch import watch_public

__all__ = [
    "TASKS",
    "Admission",
    "Builder",
    "Provisioner",
    "ProvisioningSettings",
    "Registered",
    "Registrant",
    "Spares",
    "register",
    "remove",
    "resume",
    "retry",
    "suspend",
    "watch_public",
]
