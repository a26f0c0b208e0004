"""Enterprises (企业), experts (专家) and agencies (服务机构): recorded, found again, related to each other."""
