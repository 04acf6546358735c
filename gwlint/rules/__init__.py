"""The rules, one module each, and the one list of them."""

from gwlint.rule import Rule
from gwlint.rules.gw001_syntax_error import SyntaxErrors
from gwlint.rules.gw002_unused_suppression import UnusedSuppression
from gwlint.rules.gw003_unknown_code import UnknownCode
from gwlint.rules.gw004_expired_suppression import ExpiredSuppression
from gwlint.rules.gw005_unassigned_module import UnassignedModule
from gwlint.rules.gw006_stale_baseline import StaleBaseline
from gwlint.rules.gw007_unreadable_file import UnreadableFile
from gwlint.rules.gw101_gateway_bypass import GatewayBypass
from gwlint.rules.gw102_foreign_internal import ForeignInternal
from gwlint.rules.gw103_gateway_to_gateway import GatewayToGateway
from gwlint.rules.gw104_own_gateway import OwnGateway
from gwlint.rules.gw105_impure_gateway import ImpureGateway
from gwlint.rules.gw106_private_through_gateway import PrivateThroughGateway
from gwlint.rules.gw107_extension_leak import ExtensionLeak
from gwlint.rules.gw110_layer_violation import LayerViolation
from gwlint.rules.gw112_unknown_dynamic_import import UnknownDynamicImport
from gwlint.rules.gw113_leaking_reexport import LeakingReexport
from gwlint.rules.gw114_upward_import import UpwardImport
from gwlint.rules.gw115_test_import import TestImport
from gwlint.rules.gw201_eager_cycle import EagerCycle
from gwlint.rules.gw202_deferred_cycle import DeferredCycle
from gwlint.rules.gw203_type_only_cycle import TypeOnlyCycle
from gwlint.rules.gw204_unresolved_import import UnresolvedImports
from gwlint.rules.gw205_shadowed_module import ShadowedModule
from gwlint.rules.gw301_duplicate_function import DuplicateFunction
from gwlint.rules.gw302_renamed_duplicate import RenamedDuplicate
from gwlint.rules.gw303_near_duplicate import NearDuplicate
from gwlint.rules.gw304_reimplemented_gateway import ReimplementedGateway
from gwlint.rules.gw305_redefined import Redefined
from gwlint.rules.gw401_memory_budget import MemoryBudget
from gwlint.rules.gw402_cold_start_budget import ColdStartBudget
from gwlint.rules.gw403_package_size import PackageSize
from gwlint.rules.gw404_unbounded_cache import UnboundedCache
from gwlint.rules.gw405_eager_heavy_import import EagerHeavyImport
from gwlint.rules.gw406_large_literal import LargeLiteral
from gwlint.rules.gw407_oversized_memory import OversizedMemory
from gwlint.rules.gw408_lambda_limits import LambdaLimits
from gwlint.rules.gw409_stale_bytecode import StaleBytecode
from gwlint.rules.gw410_throttled_import import ThrottledImport
from gwlint.rules.gw411_second_session import SecondSession
from gwlint.rules.gw412_client_per_invocation import ClientPerInvocation

RULES: tuple[Rule, ...] = (
    SyntaxErrors(),
    UnusedSuppression(),
    UnknownCode(),
    ExpiredSuppression(),
    UnassignedModule(),
    StaleBaseline(),
    UnreadableFile(),
    GatewayBypass(),
    ForeignInternal(),
    GatewayToGateway(),
    OwnGateway(),
    ImpureGateway(),
    PrivateThroughGateway(),
    ExtensionLeak(),
    LayerViolation(),
    UnknownDynamicImport(),
    LeakingReexport(),
    UpwardImport(),
    TestImport(),
    EagerCycle(),
    DeferredCycle(),
    TypeOnlyCycle(),
    UnresolvedImports(),
    ShadowedModule(),
    DuplicateFunction(),
    RenamedDuplicate(),
    NearDuplicate(),
    ReimplementedGateway(),
    Redefined(),
    MemoryBudget(),
    ColdStartBudget(),
    PackageSize(),
    UnboundedCache(),
    EagerHeavyImport(),
    LargeLiteral(),
    OversizedMemory(),
    LambdaLimits(),
    StaleBytecode(),
    ThrottledImport(),
    SecondSession(),
    ClientPerInvocation(),
)
"""Every rule, by code."""
