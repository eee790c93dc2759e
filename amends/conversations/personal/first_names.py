"""First names that are hardly ever anything else, and a few that are also ordinary words.

A short list of our own: common names of several languages as customers write them in English.
It only helps where a sentence says little; names that are introduced are found without it.
"""

from typing import Final

from amends.conversations.personal.model import word_set

FIRST_NAMES: Final = word_set(
    """
    aaron abby abdul abigail adam adele adrian agnes ahmed aidan aisha alan albert alejandro
    alex alexander alexandra alexis alfie ali alice alicia alison allan allison amanda amber
    amelia amina amir amy ana andrea andreas andrew andy angela angelica anil anita anja ann
    anna annabel anne annette annie anthony antonio anya archie ariana arjun arthur arun
    ashley asif audrey ava barbara barry beatrice becky ben benjamin bernard beth bethany
    betty beverley bianca bilal bob bonnie boris brandon brenda brendan brian bridget
    britney bruce bryan caitlin callum calvin cameron camilla carl carla carlos carol carole
    caroline carolyn catherine cathy cecilia celia charlene charles charlie charlotte chen
    chloe chris christian christina christine christopher ciara cindy claire clara clare
    claudia clive colin connor conor courtney craig crystal curtis cynthia daisuke dan
    daniel daniela danielle danny darren dave david dawid debbie deborah declan deepak
    denise dennis derek diana diane diego dimitri dmitri dominic donald donna doris dorothy
    doug douglas duncan dylan eddie edgar edith edward eileen elaine eleanor elena eli elias
    elijah elizabeth ella ellen elliot ellis emily emma enrique eric erica erik erin esther
    ethan eugene eva evan evelyn fatima felicity felipe felix fernando fiona florence fran
    frances francesca francis francisco fraser freddie frederick freya gabriel gabriela
    gareth gary gavin gemma geoff geoffrey george georgia georgina gerald gerard giles
    gillian gina giovanni giulia glenn gloria gordon graham greg gregory greta hailey hamza
    hannah hans harriet harry hasan hassan hayley heather hector heidi helen helena henrik
    henry hilary hiroshi holly howard hugh hugo hussein iain ian ibrahim imran ines ingrid
    irene iris isaac isabel isabella isabelle isla ismail ivan jackie jackson jacob
    jacqueline jake james jamie jan jana jane janet janice jared jasmin jasmine jason javier
    jeff jeffrey jen jenna jennifer jenny jeremy jerome jerry jess jesse jessica jessie jill
    jim jimmy jing joan joanna joanne joe joel johan john johnny jon jonas jonathan jordan
    jorge jose joseph josephine josh joshua juan judith judy julia julian julie juliet jun
    justin kai karen karim karin karl kasia kate katerina katherine kathleen kathryn kathy
    katie kayla keith kelly ken kenneth kerry kevin khalid kieran kim kimberly kirsten
    kirsty klaus kofi krishna kristen kristina kumar kurt kyle lara larry lars latoya laura
    lauren laurence leah leanne lee leon leonard leslie lewis liam lily linda lindsay lisa
    liz lizzie logan lorenzo lorna lorraine louis louisa louise luca lucas lucia lucy luis
    luke lydia lynn lynne mabel maddie madison magda malcolm mandy manuel marcel marco
    marcus margaret maria mariam marie marina mario marion marta martha martin martina
    marvin mary maryam mateusz matt matteo matthew maureen maurice maxine maya megan mehmet
    mei mel melanie melissa mia michael michelle mick miguel mike milena millie ming miriam
    mohamed mohammad mohammed moira molly monica morgan muhammad nadia nadine nancy naomi
    natalia natalie natasha nathan neha neil nia nicholas nicola nicole nigel nikhil nikita
    nina noah noel nora norma norman oksana olga oliver olivia omar oscar owen pablo pamela
    patel patricia patrick paul paula pauline pavel pedro penelope pete peter phil philip
    philippa phoebe pierre piotr priya rachael rachel rafael rahul raj rajesh ralph ramesh
    raquel ravi raymond rebecca renee ricardo richard rick ricky rita rob robert roberta
    roberto robin rodrigo roger roland ronald rosa rosemary rosie ross roxanne roy ruben
    rupert russell ruth ryan sabrina sadie sally sam samantha samir samuel sandra sanjay
    sara sarah sasha saskia scott sean sebastian selina sergei sergio shane shannon sharon
    shaun sheila shirley shreya sian silvia simon simone siobhan sofia sonia sophia sophie
    stacey stanley stefan stella stephanie stephen steve steven stewart stuart sunita suresh
    susan susanna susie suzanne svetlana sylvia tamara tanya tara ted teresa terry thea theo
    theresa thomas tia tim timothy tina toby todd tom tomasz tommy toni tony tracey tracy
    trevor trisha tyler ursula usman valentina valerie vanessa vera verity veronica vicky
    victor victoria vijay vikram vincent virginia vivian vladimir walter wanda warren wayne
    wei wendy wilhelm william wolfgang xavier xin yasmin yolanda yuki yusuf yvonne zachary
    zainab zara zoe
    """
)

ALSO_WORDS: Final = word_set(
    """
    amber april ash august autumn basil bill brook brooke candy carol chance chase christian
    clay dale dan dawn dean dick drew faith florence frank gene georgia glen grace grant guy
    hank harmony hazel heath heather heidi holly hope hunter iris ivy jack jackson jade jan
    jasmine jersey jordan joy june kim lance lee lily logan lynn madison mark mason max may
    melody mike miles morgan nick norman olive paris pat pearl peg penny pierce poppy ray
    reed rich rick rob robin rocky rod rose rosemary ruby russell sage sally sandy savannah
    scott skip sky stella sue summer tara ted tiger trinity troy ty tyler victor victoria
    violet virginia wade warren will woody
    """
)
"""They count as names only where somebody introduces, greets or signs with them."""
