"""Small invented patents and demands."""

from __future__ import annotations

from collections.abc import Iterable

from recommender import Document, Hit, Matcher, Query, Settings, Thesaurus, build_index
from recommender.feedback import Feedback

PATENTS = (
    Document(
        "p1",
        "一种防滑耐磨运动鞋底",
        "本发明公开了一种防滑耐磨运动鞋底，鞋底由橡胶与EVA发泡材料制成，底面设有防滑纹。",
        ("A43B13/22",),
    ),
    Document(
        "p2",
        "一种拉链头自动装配机",
        "本实用新型提供一种拉链头自动装配机，包括机架、振动盘和压装机构，拉链头定位准确。",
        ("A44B19/62",),
    ),
    Document(
        "p3",
        "一种自动开收雨伞",
        "本实用新型涉及一种自动开收雨伞，包括伞杆、伞骨和弹簧，按钮控制开伞与收伞。",
        ("A45B25/16",),
    ),
    Document(
        "p4",
        "一种抗起球针织面料的制备方法",
        "本发明公开了一种抗起球针织面料的制备方法，织物经生物酶抛光后不易起球。",
        ("D06M16/00",),
    ),
    Document("p5", "", "本发明公开了一种纸尿裤吸收芯体，包括高吸水树脂层和导流层，吸液速度快。", ("A61F13/53",)),
    Document(
        "p6",
        "一种紫菜烘干机",
        "本发明公开了一种紫菜烘干机，热风循环，烘干温度由控制器调节，紫菜不发焦。",
        ("A23N12/08",),
    ),
)
DEMAND = Query("d1", "鞋底打滑", "我们厂的运动鞋底下雨天打滑，想找防滑又耐磨的鞋底材料，最好用ＥＶＡ发泡。")


def matcher_of(
    documents: Iterable[Document], thesaurus: Thesaurus | None = None, settings: Settings | None = None
) -> Matcher:
    """A matcher over these documents, without any thesaurus unless one is given."""
    return Matcher(build_index(documents, settings), Thesaurus() if thesaurus is None else thesaurus)


def explained(matcher: Matcher, query: Query, document_id: str, feedback: Feedback | None = None) -> Hit:
    """Score and reasons of one pair."""
    return matcher.explain(query, [document_id], feedback)[0]


def many(count: int) -> list[Document]:
    """``count`` different documents made of the six above."""
    return [
        Document(
            f"m{number}",
            PATENTS[number % 6].title,
            f"{PATENTS[number % 6].abstract}编号{number}型",
            PATENTS[number % 6].ipc,
        )
        for number in range(count)
    ]
