"""The classes carry out the core's ports: mypy proves it, and this keeps the proof in place."""

from connection.ports import BusinessCentral, Sales
from tests.dynamics.microsoft import Desk


async def test_the_two_sides_carry_out_the_ports(desk: Desk) -> None:
    sales: Sales = desk.sales
    business_central: BusinessCentral = desk.business_central
    assert await sales.allowed("https://contoso.crm4.dynamics.com") == "*.dynamics.com"
    assert business_central
