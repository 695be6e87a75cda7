"""Verbs that orders begin with. Only the base form; words that are mostly nouns are left out where an order is rare."""

BASE_VERBS = frozenset(
    """accept access account acknowledge act activate add address adhere adjust agree align allocate allow announce
    answer append apply approach approve archive arrange ask assemble assess assign assist attach attend
    authorise authorize avoid back bag bake balance be become begin bin block boil book brief bring brush
    build button call cap carry change charge check chill choose clean clear click clock close coach collect
    combine come comment communicate compare complete comply compress configure confirm connect consider
    consult contact contain continue control convert cook cool copy count cover create cross cut date
    deactivate deal decant decide declare decontaminate defrost delay delete deliver demonstrate deploy
    describe destroy determine develop dial dilute dip direct disable discard discharge disconnect discuss
    disinfect dispose distribute divide document don download drag drain draw dress drink drive drop dry dust
    eat eliminate empty enable encourage encrypt end ensure enter erase escalate escort establish evacuate
    evaluate examine exchange exclude execute exit expect explain expose extend extinguish face fasten feed
    fetch file fill filter find finish fit fix flag flush fold follow forward freeze gather give go grip
    ground guard guide hand handle hang heat help hold identify ignore implement import improve include
    increase inform initial insert inspect install instruct invite isolate issue join keep knock label launch
    launder lay leave let lift limit line link list listen load locate lock log look loosen lower maintain
    make manage marinate mark match measure meet memorise mention mentor minimise minimize mix monitor mop
    mount move name neutralise neutralize note notify observe obtain offer open operate order organise
    organize pack park pass paste pat pay perform phone pick pipette place plan play plug point position post
    pour practice practise prepare present press prevent print probe proceed produce prohibit protect provide
    publish pull purge push put quarantine raise reach read reassure rebook receive recommend record recycle
    redirect reduce refer refill refresh refrigerate refund refuse register reheat reject release rely remain
    remember remind remove renew repair repeat replace reply report request require rescue reseal research
    reset resolve respect respond restart restrict retain retrieve return reuse review rinse roll rotate run
    sanitise sanitize save scan scrape scrub seal search season seat secure see seek segregate select send
    separate serve set settle shake share shield show shut sign sit skip slice slide smell soak sort speak
    specify spray spread stack stand start state stay step sterilise sterilize stick stir stop store
    straighten strain strip submit substitute supervise supply support suspend sweep switch take talk tap
    taste teach tell test thaw think throw tidy tie tighten tilt tip top touch trace track train transfer
    transport treat trim trust try turn type unplug unscrew update upgrade upload use vacate vacuum validate
    vent ventilate verify view visit wait walk warm warn wash watch wear weigh wet wipe withdraw work wrap
    write""".split()
)
