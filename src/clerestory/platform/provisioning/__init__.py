"""Tenants come and go: registration, schemas copied from public, spares kept ready, suspension, removal.

What a tenant is, `tenancy` says; this package makes and unmakes them, with keys, jobs and the first person.
"""

from clerestory.platform.provisioning.build import Builder
from clerestory.platform.provisioning.jobs import TASKS
from clerestory.platform.provisioning.provisioner import Provisioner
from clerestory.platform.provisioning.registration import Registered, Registrant, register
from clerestory.platform.provisioning.settings import ProvisioningSettings

__all__ = ["TASKS", "Builder", "Provisioner", "ProvisioningSettings", "Registered", "Registrant", "register"]
