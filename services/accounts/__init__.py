"""A signed-in person's own account: who they are, their devices, their tokens, their data."""

from collections.abc import Collection
from dataclasses import dataclass

from services.accounts.copying import CopyService
from services.accounts.devices import DeviceService
from services.accounts.erasing import EraseService
from services.accounts.profile import ProfileService
from services.accounts.tokens import TokenService
from services.identity import matches
from services.limits import Limits
from services.proof import Proof
from services.sealing import Sealer
from services.second_factor import SecondFactorService
from services.work import Gate


@dataclass(frozen=True, kw_only=True)
class AccountServices:
    profile: ProfileService
    second_factor: SecondFactorService
    devices: DeviceService
    tokens: TokenService
    copies: CopyService
    erasing: EraseService


def build_account(gate: Gate, sealer: Sealer, limits: Limits, locales: Collection[str]) -> AccountServices:
    proof = Proof(gate, limits, matches)
    return AccountServices(
        profile=ProfileService(gate, locales),
        second_factor=SecondFactorService(gate, sealer, proof),
        devices=DeviceService(gate),
        tokens=TokenService(gate),
        copies=CopyService(gate),
        erasing=EraseService(gate, proof),
    )
