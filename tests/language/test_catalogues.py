"""Every sentence and word is there in all three languages, and each in its own script."""

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import desk_maint
from desk_maint import language
from desk_maint.language import terms
from desk_maint.language.fields import ACTION_WORDS, FIELD_WORDS, KIND_WORDS
from desk_maint.language.words import WORDS

ROOT = Path(desk_maint.__file__).parent.parent
FOLDER = Path(language.__file__).parent
CHINESE = ("zh_CN", "zh_TW")

# Characters that only one of the two scripts writes; enough of them that no text slips through.
SIMPLIFIED = set(
    "个们这来时对设备说开关发务现应实网维护报间级类证书单东车马风门问题长导输电脑库档启确认审删选项标签显处统"
    "计划号区总业专严临为举义习乡买争产亲亿仅价众优传伤体侧储兑军农冲决况净减击则刚创剂动励劳势医华协卖卫厂厅历"
    "压县参双变员响图场坏块够奖学写将属层币师带帮废广张强归录从态户扫换择担扩摄败断会条极楼样桥机权检岁没济测"
    "满灭灾热烧爱状独环电画疗监盘着码确础离种积称稳穷笔简签粮红约纪纯纸线练组细终绍经结给络绝继续绿缓编缩"
    "罚罢职联肃脏脑营虑补装见规视览觉触订计认讨让议记讲许论证评识诉词译试诚话询该详语误说请读课调谁谢责败账质"
    "购贴贵费资赋赔赶转轮软输边达迁过运还进远违连迟适递遗邮郑释钟钢钱链销锁错键镜闭闲闻阅阶际陆陈险随难静顶"
    "项顺须预领频题颜额风飞饭馆马驱验鱼鸟齐龙"
)  # fmt: skip
TRADITIONAL = set(
    "個們這來時對設備說開關發務現應實網維護報間級類證書單東車馬風門問題長導輸電腦庫檔啟確認審刪選項標籤顯處統"
    "計劃號區總業專嚴臨為舉義習鄉買爭產親億僅價眾優傳傷體側儲兌軍農衝況淨減擊則剛創劑動勵勞勢醫華協賣衛廠廳歷"
    "壓縣參雙變員響圖場壞塊夠獎學寫將屬層幣師帶幫廢廣張強歸錄從態戶掃換擇擔擴攝敗斷會條極樓樣橋機權檢歲沒濟測"
    "滿滅災熱燒愛狀獨環畫療監盤碼礎離種積稱穩窮筆簡糧紅約紀純紙線練組細終紹經結給絡絕繼續綠緩編縮罰罷職聯肅"
    "髒營慮補裝見規視覽覺觸訂討讓議記講許論評識訴詞譯試誠話詢該詳語誤請讀課調誰謝責賬質購貼貴費資賦賠趕轉輪軟"
    "邊達遷過運還進遠違連遲適遞遺郵鄭釋鐘鋼錢鏈銷鎖錯鍵鏡閉閒聞閱階際陸陳險隨難靜頂順須預領頻顏額飛飯館驅驗"
    "魚鳥齊龍於與裡後復"
)  # fmt: skip


@cache
def all_calls() -> list[tuple[str, Path, ast.Call]]:
    found = []
    for path in (path for floor in ("desk_maint", "ui") for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
                found.append((name, path, node))
    return found


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    return ((path, call) for called, path, call in all_calls() if called == name)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def sentences() -> set[str]:
    found = set()
    for path, call in calls("msg"):
        text = call.args[0] if call.args else None
        assert isinstance(text, ast.Constant), f"{path}:{call.lineno}: msg() needs a literal"
        assert isinstance(text.value, str)
        found.add(text.value)
    return found


@cache
def catalogue(lang: str) -> dict[str, str]:
    with (FOLDER / "sentences.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, strict=True))
    assert not [text for text, count in Counter(row["en"] for row in rows).items() if count > 1]
    return {row["en"]: row[lang] for row in rows}


def test_a_sentence_gets_the_values_that_it_names():
    wrong = []
    for path, call in calls("msg"):
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and given != fields(call.args[0].value):
            wrong.append(f"{path}:{call.lineno}: {given ^ fields(call.args[0].value)}")
    assert not wrong


@pytest.mark.parametrize("lang", CHINESE)
def test_every_sentence_is_translated_and_nothing_else(lang):
    written, known = sentences(), catalogue(lang)
    missing = sorted(text for text in written if not known.get(text))
    assert not missing
    assert not sorted(set(known) - written)


@pytest.mark.parametrize("lang", CHINESE)
def test_a_translation_has_the_fields_of_its_sentence(lang):
    wrong = {text: said for text, said in catalogue(lang).items() if fields(text) != fields(said)}
    assert not wrong


@pytest.mark.parametrize(
    ("lang", "foreign", "quotes"), [("zh_CN", TRADITIONAL, "「」『』"), ("zh_TW", SIMPLIFIED, "“”")]
)
def test_each_language_keeps_to_its_script(lang, foreign, quotes):
    texts = [*catalogue(lang).values(), *(words[lang] for words in terms().values())]
    wrong = [text for text in texts if foreign & set(text) or set(quotes) & set(text)]
    assert not wrong


@pytest.mark.parametrize("lang", CHINESE)
def test_chinese_sentences_end_as_chinese_ones(lang):
    """A full stop of the other writing betrays a sentence that nobody looked at."""
    wrong = [
        said
        for text, said in catalogue(lang).items()
        if text.endswith(".") and not said.endswith(("。", "）", "{reason}", "{problem}"))
    ]
    assert not wrong
    assert not [said for said in catalogue(lang).values() if re.search(r"[一-龥][,;!?]", said)]


def test_the_glossary_is_whole():
    rows = list(csv.reader((FOLDER / "terms.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["key", "en", "zh_CN", "zh_TW"]
    assert not [row for row in rows if len(row) != 4 or not all(cell.strip() for cell in row)]
    assert not [key for key, count in Counter(row[0] for row in rows).items() if count > 1]


def test_every_word_that_is_asked_for_is_in_the_glossary():
    known = terms()
    asked = {
        f"{path}:{call.lineno}": call.args[0].value
        for name in ("Term", "term", "word")
        for path, call in calls(name)
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert not {place: key for place, key in asked.items() if key not in known}


def test_every_value_of_a_vocabulary_and_of_the_history_has_its_word():
    known = terms()
    for words, keys in WORDS.items():
        assert set(keys) == {member.value for member in words}
        assert not [key for key in keys.values() if key not in known]
    history = [
        *KIND_WORDS.values(),
        *ACTION_WORDS.values(),
        *(key for columns in FIELD_WORDS.values() for key in columns.values()),
    ]
    assert not [key for key in history if key not in known]
