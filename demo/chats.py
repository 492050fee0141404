"""What the people of the shop say among themselves on that Tuesday morning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from conversations.actions import create_group, open_direct, react_as, read_conversation, write_message
from conversations.models import Conversation, Message
from demo.lines import Line, ana, caio, sofia

People = dict[str, User]


@dataclass(frozen=True, slots=True)
class Remark:
    """A line, whom it mentions and who answers it with an emoji."""

    line: Line
    mentions: tuple[str, ...] = ()
    emojis: tuple[tuple[str, str], ...] = ()


def bruno(ago: int, text: str) -> Line:
    """Bruno says."""
    return Line("bruno", ago, text)


GROUP = (
    Remark(bruno(240, "Bom dia, pessoal! Hoje chega o caminhão das luminárias às 14h."), emojis=(("ana", "👍"),)),
    Remark(sofia(232, "Bom dia! Quem fica na fila da manhã?")),
    Remark(ana(230, "Eu fico até o meio-dia, depois o Caio assume."), mentions=("caio",)),
    Remark(caio(228, "Fechado 👊")),
    Remark(
        bruno(95, "Lembrando: frete grátis para São Paulo acaba na sexta."), emojis=(("sofia", "❤️"), ("caio", "👍"))
    ),
    Remark(ana(34, "Dois clientes disseram que o cupom BEMVINDA10 não funciona. Alguém consegue olhar?")),
    Remark(sofia(31, "Vou ver com o pessoal do site e aviso aqui."), emojis=(("ana", "🙏"),)),
    Remark(sofia(6, "Corrigido! Podem pedir para tentarem de novo."), mentions=("ana", "caio")),
)
DIRECT = (
    Remark(caio(70, "Ana, a Fernanda Alves perguntou do sofá de novo. Você fica com ela?")),
    Remark(ana(66, "Fico sim, já mudei o endereço. Falta confirmar o sábado.")),
    Remark(caio(64, "Boa! Qualquer coisa me chama.")),
    Remark(ana(14, "Consegue ver com a transportadora se entregam sábado?")),
)


def talk(people: People) -> None:
    """The group of all four and ana's conversation with caio; whoever spoke has read it, the last words are unread."""
    others = [people[name] for name in ("ana", "caio", "sofia")]
    group = create_group(by=people["bruno"], title="Atendimento", people=others)
    _back_date(Message.objects.get(conversation=group), timezone.now() - timedelta(days=3))
    _say(group, people, GROUP)
    read_conversation(group, by=people["bruno"])
    _say(open_direct(by=people["ana"], colleague=people["caio"]), people, DIRECT)


def _say(chat: Conversation, people: People, remarks: Iterable[Remark]) -> None:
    now = timezone.now()
    for remark in remarks:
        mention_ids = tuple(people[name].pk for name in remark.mentions)
        said = write_message(chat, by=people[remark.line.who], content=remark.line.text, mention_ids=mention_ids)
        for name, emoji in remark.emojis:
            react_as(said, by=people[name], emoji=emoji)
        _back_date(said, now - timedelta(minutes=remark.line.ago))


def _back_date(said: Message, at: datetime) -> None:
    """It was said earlier today: what is written now cannot say so itself."""
    Message.objects.filter(pk=said.pk).update(said_at=at, received_at=at, sent_at=at)
    Conversation.objects.filter(pk=said.conversation_id).update(last_message_at=at)
