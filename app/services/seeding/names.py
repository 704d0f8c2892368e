"""Names as they are met: few that many bear, many that few do; own lists, no register of people."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# From the frequent to the rare; some of the frequent stand late in the alphabet.
FREQUENT = _words(
    """
    Иванов Яковлев Новиков Щербаков Козлов Петров Шевцов Волков Смирнов Федоров Морозов Яшин
    Васильев Павлов Шевченко Соловьёв Зайцев Лебедев Егоров Чернов Юрьев Королёв Никитин Орлов
    Кузьмин Захаров Цветков Шилин Титов Комаров Гусев Воронин Ильин Хохлов Белый Толстой Черных
    Ткачук Кравец Сорокин Крамской Бельский Хоменко Дроздов Юдин Эрлих Ушаков Яровой
    """
)
STEMS = _words(
    """
    Азар Антон Артем Архип Барсук Белк Бобр Бондар Борис Булат Верш Влас Волк Ворон Гаврил
    Герасим Голуб Горбач Грач Гриш Гурин Давид Данил Демид Денис Дорош Драгун Дятл Емельян
    Еремей Ефим Жаворонк Жук Журавл Захар Зимин Зуй Игнат Калин Карп Касьян Киреев Клим Кобыл
    Ковал Колесник Кондрат Корн Косар Красн Кудр Кузьм Лавр Лазар Лапик Ларион Левон Лобан Лосев
    Лук Лысак Макар Максим Мартын Медвед Мельник Минак Мирон Михал Моис Назар Наум Нестер Никит
    Овсян Осип Остап Пантел Парфен Пархом Пастух Пахом Петрак Пилип Прохор Пыж Роман Рубан Рудак
    Рыбак Савел Самус Семен Сенчук Сидор Скобл Сокол Степан Сыч Тарас Терех Тимох Титар Трифон
    Тур Устин Федос Фом Фрол Харит Хвост Цыган Черн Чиж Шап Шаталк Швед Шелест Шум Щегл Юрк Якуш
    Ярем Ясень
    """
)
ENDINGS = ("ов", "енков", "енко", "овский", "ук", "ин", "евич", "ёнок")
BOYS = _words(
    """
    Александр Максим Артём Михаил Иван Дмитрий Кирилл Даниил Матвей Егор Илья Андрей Тимофей
    Роман Никита Ярослав Алексей Арсений Владимир Фёдор Сергей Глеб Степан Захар Николай Павел
    Платон Мирон Юрий Гордей Захар Святослав Эмиль Тихон
    """
)
GIRLS = _words(
    """
    София Анна Мария Виктория Алиса Полина Дарья Варвара Ксения Ева Екатерина Анастасия Вероника
    Арина Елизавета Александра Василиса Милана Кира Ульяна Маргарита Таисия Ольга Татьяна Юлия
    Надежда Агата Злата Яна Эмилия Любовь Пелагея
    """
)
MOTHERS = _words(
    """
    Елена Ольга Наталья Анна Татьяна Екатерина Ирина Юлия Анастасия Светлана Мария Оксана
    Виктория Марина Евгения Галина Яна Людмила Надежда Вера
    """
)
# A name with the stem of patronymics; those in -ич and -инична are written out.
FATHERS = {
    "Александр": "Александров", "Сергей": "Сергеев", "Алексей": "Алексеев", "Андрей": "Андреев",
    "Дмитрий": "Дмитриев", "Владимир": "Владимиров", "Евгений": "Евгеньев", "Николай": "Николаев",
    "Михаил": "Михайлов", "Иван": "Иванов", "Юрий": "Юрьев", "Павел": "Павлов", "Роман": "Романов",
    "Виктор": "Викторов", "Олег": "Олегов", "Игорь": "Игорев", "Антон": "Антонов",
    "Денис": "Денисов", "Василий": "Васильев", "Вячеслав": "Вячеславов", "Илья": "Иль",
    "Валерий": "Валерьев", "Никита": "Никит", "Пётр": "Петров", "Геннадий": "Геннадьев",
    "Эдуард": "Эдуардов", "Ярослав": "Ярославов",
}  # fmt: skip
SHORT = {"Иль", "Никит"}  # Ильич, Ильинична
FEMALE = (("ский", "ская"), ("цкий", "цкая"), ("ской", "ская"), ("ой", "ая"), ("ый", "ая"))
POSSESSIVE = ("ов", "ев", "ёв", "ин", "ын")
_STEEPNESS = 0.75  # how much more often the first of a list are met than the last


def _falling(many: int, share: float = 1.0, steepness: float = _STEEPNESS) -> list[float]:
    """Weights of a list from its frequent end, of this sum."""
    weights = [1 / place**steepness for place in range(2, many + 2)]
    return [share * weight / sum(weights) for weight in weights]


RARE = tuple(stem + ending for ending in ENDINGS for stem in STEMS)
SURNAMES = (*FREQUENT, *RARE)
_SURNAMES = list(accumulate([*_falling(len(FREQUENT), 0.4), *_falling(len(RARE), 0.6, 0.3)]))
_FATHERS = tuple(FATHERS)
_FALLING = {
    id(names): list(accumulate(_falling(len(names)))) for names in (BOYS, GIRLS, MOTHERS, _FATHERS)
}


def picked(chance: Random, names: Sequence[str]) -> str:
    """One of a list, the first ones more often."""
    return chance.choices(names, cum_weights=_FALLING[id(names)])[0]


def surname(chance: Random) -> str:
    """A surname as men bear it."""
    return chance.choices(SURNAMES, cum_weights=_SURNAMES)[0]


def father(chance: Random) -> str:
    """The name of a father."""
    return picked(chance, _FATHERS)


def hers(name: str) -> str:
    """The surname as women bear it: Иванова, Толстая, Бельская, Черных."""
    for male, female in FEMALE:
        if name.endswith(male):
            return name.removesuffix(male) + female
    return name + "а" if name.endswith(POSSESSIVE) else name


def patronymic(of: str, *, girl: bool) -> str:
    """The patronymic of a child of this father."""
    stem = FATHERS[of]
    if stem in SHORT:
        return stem + ("инична" if girl else "ич")
    return stem + ("на" if girl else "ич")
