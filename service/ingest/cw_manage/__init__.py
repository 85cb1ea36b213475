"""ConnectWise Manage: its configurations as records."""

from service.ingest.cw_manage.adapter import CwManage

__all__ = ["CwManage"]
