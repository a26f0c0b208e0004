"""Traditional characters (繁体) of the words that registers write: headers, states, units.

Only the characters that stand in our own vocabularies are mapped; the texts of records stay as they were written.
"""

from __future__ import annotations

_TRADITIONAL = (
    "萬與專業東兩喪個箇豐臨為爲書買於產産億從價優夥會傳體償關興獸內冊軍決凍凈淨準減憑齣劃創別彆製辦務動勵勢區韆協單賣佔卽厤曆歷廈縣叄參蔘雙發髮變檯臺颱號閤弔衕後嚮曏員迴團糰園圍國圖圓場聲處備復複頭奬獎學寧"
    "實審傢寬對導將侷屆屬巖嶺鉅幣佈師乾幹榦並併幷廣慶庫應廢開異棄強歸噹當彔錄録徵態總懸戰戶纔託執護報牴擔擬據數斷無時晉朮術機權條來構査標覈橋檢歐沒滬註澤濟潤灣谿滯滿濱瀕滅靈竈點狀獨獅獻現電蓋眞碼礎確種稱稅"
    "簽籤簡類係繫糾約級納紛綫線組細織終經結統繼續維緩編繳網羅職聯藝範薦榮獲穫營補錶見觀規視譽計訂認讓議訊記許訟設証證評識訴譯試話詢詳說説請諾談負財責敗賬質購貫貳費資賞轉載達遷過運還這進適選踰郵埰寀採裏裡鏈"
    "銷鎭鎮鎊長門閉問間陽階際陸陳難麪麫麵韓頁項頒預領題額駁驗鯉齡龍"
)
_SIMPLIFIED = (
    "万与专业东两丧个个丰临为为书买于产产亿从价优伙会传体偿关兴兽内册军决冻净净准减凭出划创别别制办务动励势区千协单卖占即历历历厦县叁参参双发发变台台台号合吊同后向向员回团团园围国图圆场声处备复复头奖奖学宁"
    "实审家宽对导将局届属岩岭巨币布师干干干并并并广庆库应废开异弃强归当当录录录征态总悬战户才托执护报抵担拟据数断无时晋术术机权条来构查标核桥检欧没沪注泽济润湾溪滞满滨濒灭灵灶点状独狮献现电盖真码础确种称税"
    "签签简类系系纠约级纳纷线线组细织终经结统继续维缓编缴网罗职联艺范荐荣获获营补表见观规视誉计订认让议讯记许讼设证证评识诉译试话询详说说请诺谈负财责败账质购贯贰费资赏转载达迁过运还这进适选逾邮采采采里里链"
    "销镇镇镑长门闭问间阳阶际陆陈难面面面韩页项颁预领题额驳验鲤龄龙"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the simplified form of each traditional character that our vocabularies know."""
    return text if text.isascii() else text.translate(_TABLE)
