from fastapi import APIRouter

router = APIRouter(prefix="/users/reports")


@router.get("")
def list_reports() -> list[str]:
    return []


@router.get("/{month}")
def read_report(month: str) -> str:
    return month
