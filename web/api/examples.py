"""Examples of bodies and answers, made from a schema: by the field's name where one is known, else by its kind."""

from __future__ import annotations

from typing import Any

_BY_NAME: dict[str, Any] = {
    "title": "运动鞋鞋底开胶", "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。",
    "object": "运动鞋鞋底", "aim": "提高鞋底与鞋面的剥离强度", "targets": "剥离强度 ≥ 4 N/mm",
    "technical_field": "胶粘剂",
    "contact_name": "王小明", "contact_phone": "010-12345678", "contact_email": "wang@shoes.example",
    "valid_until_on": "2027-06-01", "authorised_by": "王小明", "number": "201710601862.3", "note": "已核实",
    "application_numbers": "201710601862.3", "sellers": "江海理工大学", "buyers": "恒步鞋业有限公司",
    "contract_number": "HT-2026-1", "amount_yuan": "80000", "voucher": "回单 79", "name": "恒步鞋业有限公司",
    "q": "鞋底", "score": 0.71, "uscc": "91000000MA2YB4H508", "id": 17, "patent_id": 17, "demand_id": 5, "deal_id": 3,
    "fee_yuan": "20000", "reason": "企业来电要求", "code": "123456", "abstract": "本发明公开了一种防滑耐磨鞋底。",
    "patent_title": "一种防滑耐磨鞋底", "holder_name": "江海理工大学",
}  # fmt: skip
_DEEPEST = 4


def example_of(schema: dict[str, Any], kept: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """An example that fits a schema; ``kept`` holds what it refers to."""
    if "$ref" in schema:
        return example_of(kept.get(schema["$ref"].rpartition("/")[2], {}), kept, name, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", [None]))))
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return example_of(options[0], kept, name, depth)
    kinds = schema.get("type", "")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    known = _BY_NAME.get(name)
    if kind == "object" and depth < _DEEPEST:
        parts = schema.get("properties", {})
        return {key: example_of(part, kept, key, depth + 1) for key, part in parts.items()}
    if kind == "array":
        items: dict[str, Any] = schema.get("items") or {}
        return [example_of(items, kept, name, depth + 1)] if depth < _DEEPEST and "prefixItems" not in schema else []
    plain: dict[str, Any] = {"integer": 1, "number": 0.5, "boolean": True, "null": None, "object": {}}
    if kind in plain:
        return known if isinstance(known, (int, float)) and kind in ("integer", "number") else plain[kind]
    if known is not None and isinstance(known, str):
        return known
    form = schema.get("format")
    by_form = {"date": "2026-11-30", "date-time": "2026-11-30T08:00:00Z"}
    return by_form.get(str(form), "2026-11-30" if name.endswith("_on") or name == "on" else "")
