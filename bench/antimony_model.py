"""The reference model under a regimen, written in Antimony for libRoadRunner: an equivalent SBML model as a peer.

The text is generated from the same evidence rows as our own model. Doses are SBML events; oestrogen and the
effect compartments are part of the system of equations, as an SBML user would write them.
"""

from __future__ import annotations

from osteon.twin.reference.joerg2022 import Joerg2022, bmd_at_25, premenopausal_state, published_parameters

SYMBOLS = ("Bp", "B", "Y", "Cp", "C", "s", "sb", "d", "c")


def denosumab_model(*, first_day: float, interval_days: float, doses: int, amount_mg: float) -> str:
    """Antimony text: women from the age ``age0`` (a parameter) under denosumab at a fixed interval."""
    p = dict(published_parameters())
    start = premenopausal_state(p["a_e"], p)
    lines = ["model reference_model()"]
    lines += [f"  {name} = {float(value)!r};" for name, value in p.items()]
    lines += [f"  {name} = {float(value)!r};" for name, value in zip(SYMBOLS, start, strict=True)]
    lines += [
        "  age0 = 65; D = 0; A = 0; T = 0; M = 0;",
        "  age := age0 + time/365;",
        "  e := piecewise(1/(1 + (age - a_e)/tau_e), age > a_e, 1);",
        "  upD := D/(1 + D); upT := T/(1 + T); upA := A/(1 + A);",
        "  FB := omega_pB*s_pB/(s_pB + s)*Bp;",
        "  FY := omega_B*B;",
        "  FC := omega_pC*e_pC/(e_pC + e)*s/(s_pC + s)*(1 - beta_pC_rAb*upD)*(1 + beta_pC_pth*upT)*Cp;",
        "  formation := lambda_B*s_Omega/(s_Omega + s)*(1 + nu_Omega*C/(r_Omega + C))*B;",
        "  resorption := lambda_C*C;",
        "  Bp' = 1 - FB;",
        "  B' = FB - eta_B*piecewise(1 - beta_B_pth*upT, 1 - beta_B_pth*upT > 0, 0)*B - FY;",
        "  Y' = FY - eta_Y*Y;",
        "  Cp' = 1 - FC;",
        "  C' = FC - eta_C*(1 + nu_C*e/(e_C + e)*C/(r_C + C))*C - eta_C_bp*upA*C;",
        "  s' = e_s/(e_s + e)*Y - kappa_s*s - kappa_s*M*s + delta_s*sb;",
        "  sb' = kappa_s*M*s - delta_s*sb - kappa_s*sb;",
        "  d' = formation - resorption;",
        "  c' = gamma_*(c_0 + beta_b_rAb*upD - c);",
        "  D' = -ln(2)/T_denosumab*D;",
        f"  bmd := d*c/{float(bmd_at_25(p))!r};",
    ]
    lines += [
        f"  at (time >= {first_day + number * interval_days!r}), t0=false: D = D + E_denosumab*{amount_mg!r};"
        for number in range(doses)
    ]
    lines.append("end")
    return "\n".join(lines).replace("  gamma = ", "  gamma_ = ")


STATE_NAMES = dict(zip(Joerg2022.state_names, SYMBOLS, strict=True))
"""Our names of the states and those in the Antimony text."""
