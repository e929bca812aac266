"""Makes the Simplified Chinese catalogue from the Traditional one; what was translated `# by hand` stays."""

import re
from pathlib import Path

from parks.chinese import simplified

ROOT = Path(__file__).resolve().parent.parent
TRADITIONAL = ROOT / "locale/zh_Hant/LC_MESSAGES/django.po"
SIMPLIFIED = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
BY_HAND = "# by hand"
ABOUT = "# Simplified Chinese, made from zh_Hant by `make translations`; entries marked `by hand` are kept."

# Where the mainland has another word, and not only other characters. Longer terms come first.
WORDS = {
    "年第三季。": "年第三季度。",
    "使用網址新增": "通過網址添加",
    "新增行事曆": "添加日曆",
    "位元組順序記號": "字節順序標記",
    "數目未有公布": "未公布數目",
    "總樓面面積": "總建築面積",
    "地積比率": "容積率",
    "樓面面積": "建築面積",
    "休憩用地": "開放空間",
    "批租年期": "批租年限",
    "大楷字母": "大寫字母",
    "未有公布": "未公布",
    "參考編號": "編號",
    "平方呎": "平方英尺",
    "簡介會": "說明會",
    "資料庫": "數據庫",
    "機械人": "機器人",
    "分隔號": "分隔符",
    "牽頭機構": "牽頭單位",
    "提交機構": "提交單位",
    "檔案": "文件",
    "程式": "程序",
    "選單": "菜單",
    "匯入": "導入",
    "匯出": "導出",
    "搜尋": "搜索",
    "登出": "退出",
    "儲存": "保存",
    "連結": "鏈接",
    "網路": "網絡",
    "指令": "命令",
    "字元": "字符",
    "欄位": "列",
    "收據": "回執",
    "財團": "聯合體",
    "截標": "投標截止",
    "逾時": "逾期",
    "物件": "對象",
    "甚麼": "什麼",
    "欄": "列",
    "幢": "棟",
}


def main() -> None:
    SIMPLIFIED.write_text(
        simplified_catalogue(TRADITIONAL.read_text("utf-8"), SIMPLIFIED.read_text("utf-8")), "utf-8"
    )


def simplified_catalogue(traditional: str, former: str) -> str:
    """Every entry of `traditional`, converted, save those that `former` has by hand."""
    kept = {key(entry): entry for entry in entries(former) if BY_HAND in entry.splitlines()}
    head, *rest = entries(traditional)
    return "\n\n".join([header(head), *(kept.get(key(entry)) or converted(entry) for entry in rest)]) + "\n"


def entries(catalogue: str) -> list[str]:
    return catalogue.strip("\n").split("\n\n")


def key(entry: str) -> str:
    """What an entry translates, its context included."""
    return "\n".join(line for line in source_and_translation(entry)[0].splitlines() if line[:1] != "#")


def converted(entry: str) -> str:
    source, translation = source_and_translation(entry)
    return source + mainland(one_line(translation))


def header(entry: str) -> str:
    fields = entry[entry.index("msgid ") :].replace("Language: zh_Hant", "Language: zh_Hans")
    return f"{ABOUT}\n" + fields.replace("Traditional Chinese, Hong Kong", "Simplified Chinese")


def source_and_translation(entry: str) -> tuple[str, str]:
    start = entry.index("\nmsgstr")
    return entry[:start], entry[start:]


def one_line(translation: str) -> str:
    """A string that is wrapped over lines joined again: a term may stand across the break."""
    return re.sub(r'"\n"', "", translation)


def mainland(traditional: str) -> str:
    for ours, theirs in WORDS.items():
        traditional = traditional.replace(ours, theirs)
    return simplified(traditional)


if __name__ == "__main__":
    main()
