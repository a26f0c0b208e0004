"""Open licensing (专利开放许可, 一对多): declared under the checklist, accepted by notice, paid, filed."""
