"""What customers of a small shop write on a Tuesday morning, in Brazilian Portuguese."""

from demo.lines import Dialogue, ana, c, caio, gil, sofia

NEW, WORKING, WAITING, DONE = range(4)

DIALOGUES: tuple[Dialogue, ...] = (
    Dialogue("Mariana Duarte", "5511987340021", NEW, (
        c(3, "Bom dia! Vocês têm a luminária Aurora na cor verde?"),
        c(2, "Vi no Instagram e amei 💚"),
    ), labels=("Vendas",), unread=True),
    Dialogue("Jorge Tavares", "5521991127788", NEW, (
        c(9, "Meu pedido #48213 consta como entregue mas não recebi nada"),
        c(8, picture="Comprovante"),
        c(7, "Podem verificar com a transportadora por favor?"),
    ), labels=("Entrega", "Reclamação"), priority=2, unread=True),
    Dialogue("Patrícia Nunes", "5531988124567", NEW, (
        c(12, voice=14),
    ), unread=True),
    Dialogue("Studio Ipê Arquitetura", "551133214567", NEW, (
        c(21, "Olá, somos um escritório de arquitetura e gostaríamos de um orçamento para 40 cadeiras Lina."),
        c(20, document="Lista de móveis.pdf"),
    ), labels=("Orçamento", "B2B"), priority=1, unread=True),
    Dialogue("Seu Antônio", "555199823344", NEW, (
        c(26, "bom dia minha filha"),
        c(25, "o tecnico vem hoje?"),
    ), labels=("Montagem",), unread=True),
    Dialogue("Camila Rocha", "5541996671234", NEW, (
        c(34, "Oi! O cupom BEMVINDA10 não está funcionando no carrinho 😕"),
    ), labels=("Vendas",), unread=True),
    Dialogue("Rafael Moreira", "5571992345566", NEW, (
        c(41, "Qual o prazo de entrega para Salvador?"),
    ), unread=True),
    Dialogue("Dra. Helena Prado", "5511976543210", NEW, (
        c(55, "Preciso trocar a mesa de centro, veio com um risco no tampo."),
        c(54, picture="Risco no tampo"),
    ), labels=("Troca",), priority=1, unread=True),
    Dialogue("Lucas & Bia 🏡", "5548991230987", NEW, (
        c(63, "Boa diaaa, a estante montada aguenta uma TV de 65?"),
    ), unread=True),
    Dialogue("Fernanda Alves", "5511964502233", WORKING, (
        c(190, "Oi, comprei um sofá e queria mudar o endereço de entrega"),
        ana(184, "Oi, Fernanda! Claro. Me passa o CEP e o número, por favor?"),
        c(181, "04571-010, número 850 ap 62"),
        ana(178, "Prontinho, já atualizei aqui no sistema ✅"),
        c(15, "Obrigada! E dá pra entregar no sábado?"),
    ), assignee="ana", labels=("Entrega",), unread=True),
    Dialogue("Bruno Siqueira", "5562981456677", WORKING, (
        c(95, "A cadeira chegou sem os parafusos"),
        ana(90, "Poxa, Bruno, desculpe! Vou pedir o envio do kit hoje mesmo."),
        c(88, "Ok, quanto tempo demora?"),
        ana(84, "De 2 a 3 dias úteis. Te mando o rastreio assim que sair.", "DELIVERED"),
    ), assignee="ana", labels=("Pós-venda",)),
    Dialogue("Condomínio Vila das Flores", "551938765432", WORKING, (
        c(240, "Precisamos da segunda via da nota fiscal 10.443"),
        caio(233, "Bom dia! Segue em instantes."),
        caio(30, "A nota foi enviada para o e-mail do condomínio. Pode confirmar o recebimento?", "SENT"),
    ), assignee="caio", labels=("Financeiro", "B2B")),
    Dialogue("Thaís Yamamoto", "5511983457612", WORKING, (
        c(70, "Quero comprar 2 banquetas altas. Tem desconto no pix?"),
        caio(66, "Tem sim, Thaís: 8% no pix. Fica R$ 644,00 as duas, com frete grátis para São Paulo."),
        c(64, "Fechou! Me manda o link?"),
        caio(62, "https://loja.exemplo.com.br/pagar/8K2J"),
        c(18, picture="Comprovante do pix"),
        c(17, "Pago 🙌"),
    ), assignee="caio", labels=("Vendas",), unread=True),
    Dialogue("Marcos Vinícius", "5585997123456", WORKING, (
        c(130, "O boleto venceu ontem, ainda consigo pagar?"),
        sofia(121, "Consegue sim! Gerei um novo com vencimento para amanhã."),
        c(119, "Valeu"),
        c(6, "Não chegou no e-mail não"),
    ), assignee="sofia", labels=("Financeiro",), unread=True),
    Dialogue("Luísa Cardoso", "5521982207654", WORKING, (
        c(300, "Vocês montam em Niterói?"),
        ana(292, "Montamos! A taxa é R$ 120. Quer agendar?"),
        c(288, "Quero, pode ser quinta de manhã"),
        ana(285, "Agendado: quinta, das 8h às 12h. O montador se chama Edson."),
        c(44, place=(-22.9068, -43.1034, "Rua Cel. Moreira César, 229, Icaraí")),
    ), assignee="ana", labels=("Montagem",), unread=True),
    Dialogue("Ótica Visão", "551932223344", WORKING, (
        c(400, "Bom dia, a vitrine encomendada fica pronta esse mês?"),
        caio(380, "Bom dia! Sim, previsão dia 28."),
    ), assignee="caio", labels=("B2B",)),
    Dialogue("Eduarda Melo", "5581987651122", WORKING, (
        c(52, "Posso retirar na loja?"),
        sofia(49, "Pode! Fica pronta para retirada amanhã a partir das 10h.", "READ"),
        c(48, "Perfeito, obrigada!!"),
    ), assignee="sofia", labels=("Vendas",)),
    Dialogue("Gustavo Lima Prado", "5511955512345", WAITING, (
        c(1500, "O abajur está piscando"),
        ana(1490, "Gustavo, pode mandar um vídeo curto para a garantia avaliar?"),
    ), assignee="ana", labels=("Garantia",)),
    Dialogue("Renata Farias", "5547999887766", WAITING, (
        c(700, "Quero cancelar a compra"),
        sofia(690, "Sinto muito, Renata. Posso saber o motivo? Se preferir já seguimos com o estorno."),
    ), assignee="sofia", labels=("Cancelamento",), priority=1),
    Dialogue("Pizzaria Bella Nonna", "551130445566", WAITING, (
        c(820, "Orçamento de 12 mesas 80x80 por favor"),
        caio(800, "Enviado por e-mail! Validade de 7 dias."),
        c(790, "Recebi, vou ver com meu sócio"),
        caio(785, "Combinado! Fico à disposição."),
    ), assignee="caio", labels=("Orçamento", "B2B")),
    Dialogue("Vitor Hugo", "5551998761234", WAITING, (
        c(330, "Tem como adiantar a entrega?"),
        ana(320, "Estou consultando a transportadora e já te retorno, tudo bem?", "DELIVERED"),
    ), assignee="ana", labels=("Entrega",)),
    Dialogue("Aline Batista", "5511942345678", WAITING, (
        c(1320, "Qual a diferença entre linho e bouclé?"),
        caio(1310, "O linho é mais fresco e fácil de limpar; o bouclé é mais macio. Te mando as fichas?"),
    ), assignee="caio", labels=("Vendas",)),
    Dialogue("Escola Girassol", "551144332211", WAITING, (
        c(610, "Precisamos remarcar a montagem do refeitório"),
        ana(600, "Sem problema! Qual o melhor dia na próxima semana?"),
    ), assignee="ana", labels=("Montagem", "B2B")),
    Dialogue("Igor Fonseca", "5531971234455", DONE, (
        c(1600, "Chegou tudo certinho, obrigado!"),
        ana(1590, "Que bom, Igor! Aproveita bastante 😊"),
    ), assignee="ana"),
    Dialogue("Sônia Regina", "5511933221100", DONE, (
        c(1700, "Vocês abrem domingo?"),
        caio(1695, "Abrimos das 10h às 16h 😉"),
        c(1690, "Obrigada"),
    ), assignee="caio"),
    Dialogue("Danilo Pires", "5519988112233", DONE, (
        c(2900, "Recebi o estorno, obrigado pela agilidade"),
        sofia(2890, "Nós que agradecemos, Danilo!"),
    ), assignee="sofia", labels=("Financeiro",)),
    Dialogue("Carolina Assis", "5521977665544", DONE, (
        c(3000, "Amei o tapete!!"),
        c(2999, picture="Tapete na sala"),
        ana(2990, "Ficou lindo! Podemos repostar no nosso perfil?"),
        c(2980, "Claro!"),
    ), assignee="ana", labels=("Vendas",)),
    Dialogue("Mercado São Jorge", "551938221144", DONE, (
        c(4400, "Nota fiscal recebida, ok"),
        caio(4390, "Perfeito, obrigado pelo retorno."),
    ), assignee="caio", labels=("Financeiro", "B2B")),
    Dialogue("Yasmin Haddad", "5511922334455", DONE, (
        c(5000, "A almofada serve na poltrona Lina?"),
        ana(4990, "Serve sim! As duas têm 50 cm."),
        c(4985, "Show, comprei"),
    ), assignee="ana", labels=("Vendas",)),
)  # fmt: skip

NEIGHBOURS: tuple[Dialogue, ...] = (
    Dialogue("Padaria Estrela", "5521988001122", NEW, (
        c(16, "Oi, a maquininha parou de imprimir"),
    ), unread=True),
    Dialogue("Márcia Teles", "5521977001133", NEW, (
        c(47, "Preciso de ajuda com a fatura de outubro"),
    ), unread=True),
    Dialogue("Auto Peças Silva", "5521966001144", WORKING, (
        c(200, "Troca de titularidade, como faço?"),
        gil(190, "Vou te mandar o formulário."),
    ), assignee="gil"),
)  # fmt: skip
