"""Family names that many people have, and that say little else: no town, colour, make or plain word."""

from __future__ import annotations

from core.drift.people.word_set import word_set

FAMILY = word_set(
    """
    abad abbott abreu ackermann acosta adams adler agarwal aguilar aguirre ahmad ahmed ahrens alarcon albers
    alberti albrecht alcantara alcaraz aldridge alexander alfaro aliaga allard allen allison alonso altmann
    alvarado alvarez alves amato amiot ancelin anders andersen anderson andersson andrade andre andrews
    angulo antoine antunez aparicio aranda araujo arce archer arevalo arias ariza arjona armstrong arndt
    arnold arranz arriaga arroyo asensio ashton atkins atkinson aubert aubry audet auger avalos ayala aydin
    ayuso azevedo aziz bachmann baena bailey bailly bakker baldwin ballard ballesteros banerjee barbet
    barbieri barbosa bardin barker barlow barnes baron barragan barrault barre barrett barrientos barrios
    barron barros barroso bartels barthel bartlett barton bartsch basile bastida bates batista battaglia
    baudry bauer baumann baumgartner bautista baxter bazin beaumont becerra beck becker beckmann becquet
    begue behrens beier bejarano bellanger bellini beltran benard bender benedetti benedict benitez bennett
    benoit benson berger bergmann bermudez bernal bernard bernardi berndt bernhardt berrocal berthelot
    berthier bertin bertrand besnard besson beyer bianchi bidault billard blackburn blair blake blanchard
    blanchet blazquez blin blum bode bodin boettcher bohm bohme boivin bonhomme bonilla bonneau bonnet bonnin
    bordier borja bottcher bouchard boucher bouchet boulay bourdon bousquet boutin bouvet bouvier bowen
    bowman boyd boyer bradley bradshaw brady brandao brandes brandt brault brennan briand briggs brinkmann
    brock brooks brossard brouwer bruckner bruneau brunet brunner bruno bryan bryant bucher buchholz buchner
    buckley budde buettner buisson burger burgess burke burkhardt burnett burns burton busch bustamante
    bustos butler buttner byrd byrne cabezas cabrera cain calderon calhoun calleja calvo camacho cameron
    campbell campillo campos camus canales cano cantero cantu caputo carballo carbonell cardenas cardona
    cardoso cardozo carey carlier carlson caron carpenter carr carranza carrasco carrillo carrion carroll
    carter caruso carvajal carvalho casado casanova casey castaneda castillo castro cattaneo cavalcante
    cavalcanti celik cervantes cervera chacon chambers chan chandler chang chapman charles chartier
    chatterjee chaudhary chauveau chauvin chavez chen cheng choi chow christensen christiansen cisneros clark
    clarke claus clayton clement cobb cobo cochran coffey cohen colas cole coleman collado collet collier
    collin collins colombo combs compton connolly connor conrad conti contreras conway cooper coppola corbett
    cordero cordier cordova cornu coronado corral corrales correa correia cortes cortez costantini coulon
    courtois cousin cowan cox craig crawford cremer crespo crosby cruz cuesta cuevas cunha cunningham curtis
    dabrowski dahl daly dangelo daniel daniels daugherty daum davenport david davidson davies davila davis
    dawson dekker delacroix delage delahaye delannoy delattre delaunay delgado delmas delorme deluca demir
    denis dennis deppe desai desbois descamps deschamps devaux dias diaz dickson diehl dietrich dietz diez
    dijkstra dillon dittrich dixon dodson doerner dogan dominguez donaldson donnelly donovan doring dorsey
    doucet doyle drake dreher dressler drouet duarte dubois dubreuil dudley duffy dufour duhamel dumas dumont
    duncan dunlap dunn dupont dupre dupuis dupuy duran durand durant duval dyer eaton eberhardt ebert ebner
    echeverria eckert eder edwards egea ehlers eichhorn eisele elizondo ellis ellison emerson endres engels
    enriquez erdmann erhardt erickson ernst escobar escribano escudero espejo espinosa espinoza esposito
    esser esteban esteve estevez estrada etienne evans everett evers evrard fabbri fabian fabre faivre falcon
    farias farley farrell faure favier favre feldmann feliu ferguson fernandes fernandez ferrand ferrandiz
    ferrari ferraro ferreira ferrer ferri ferrier fiedler figueroa finley fischer fisher fitzgerald fleming
    fletcher fleury flores flynn foley fonseca fontaine forster foster foucault foucher fouquet fournier
    fowler franco francois franke franklin frazier freeman freitas frenzel frey frias friedman friedrich
    friedrichs fritsch frohlich fuchs fuentes fuller furtado gaillard galindo gallagher gallardo gallet galli
    gallo gallois galloway galvan galvez gamble gamez gao garcia garner garnier garrett garrido garriga garza
    garzon gaspar gatti gaudin gauthier gautier gebhardt geiger geisler gentry george gerard gerber gerhardt
    gerlach ghosh gibson giese gil gilbert giles gill gillespie gimenez gimeno giordano girard giraud giron
    giuliani glaser glenn glover gobel godard godoy goebel gomes gomez gomis goncalves gonthier gonzales
    gonzalez gonzalo goodman goodwin gordon gosselin gotz gould graf graham grassi graves greco greene greer
    gregory greiner grenier griffin griffith grimes grondin groth gruber grunwald guerin guerra guibert
    guichard guilbert guillaume guillen guillet guillon guillot guillou guirado gunther gupta gutierrez guyon
    guyot guzman haas haase haddad hager hahn hale haley hall hamann hamel hamid hammond hamon hancock hanke
    hanna hansen hanson hardin harding hardy harmon harms harper harrington harris harrison hartmann harvey
    hassan hatfield hauser hawkins hayes haynes heath hebert heck heckmann hein heine heinemann heinrich
    heinz heinze heise heller hempel henderson hendricks hendriks hendrix henkel hennig henning henry hensel
    henson heredia hering herman hermann hernandez herold herrera herrmann hertel hervas herve herzog hesse
    heuer heyer hickman hicks higgins hildebrandt hiller hinz hirsch hobbs hodge hodges hodgson hoekstra
    hofer hoffman hoffmann hoffmeister hofmann hogan hohmann holcomb holden holloway holmes hooper hoover
    hopkins hoppe hopper horne horstmann howard howe howell hoyos huang huber hubert hubner huebner huerta
    huet huff huffman hughes hull humbert humphrey hunter hurley hurst hurtado hussain hussein hutchinson
    hyde ibanez ibarra ibrahim iglesias imbert ingram iqbal irwin ivanov iversen iyer izquierdo jacob jacobi
    jacobs jacquet jacquot jager jahn jahnke jain james jamet jang janke jankowski jansen janssen jara
    jaramillo jarvis jean jenkins jennings jensen jimenez johansson johnson johnston joly jones jonker joseph
    joshi jost joubert jourdan juarez julien jung jungmann jurado kaiser kaminska kaminski kane kaspar kasper
    kastner kaufman kaufmann kaur kaya keith keller kellermann kelley kelly kemp kendall kennedy kerr kessler
    khalil khan khanna khoury kiefer kilic kirby kirchner kirk kirsch klaus klein kleiner klemm klose knapp
    knoll kober koerner kohler kolb konig koster kowalczyk kowalski kozlowski kramer kratz kraus krause krebs
    kroger kroll kruger kruse kuhlmann kuhn kuhne kuiper kumar kunz kunze labbe lacombe lacroix lagarde lange
    langer langlois laporte lara laroche larrea larsen larson launay laurent lauterbach lawson leblanc lebon
    lebreton lebrun lechner leclerc leclercq lecomte lecoq ledesma ledoux lee lefebvre lefevre lefort
    legendre leger legrand legros lehmann lehner leitner leleu lelievre lemaire lemaitre lemke lemoine
    lemonnier lenoir lenz lepage lerch leroux leroy lesage lester letellier levasseur levine levy lewandowski
    liang liebig linares linde lindemann lindner lindsey lippert liu livingston llamas llorens llorente
    loffler logan lohmann lohse loiseau lombard lombardi lombardo lopera lopes lopez lorente lorenz losada
    lowe lowery lozano lucas lucena lucero luder ludwig lujan luna luo lutz lynch lynn maass macdonald
    machado macias mack mackenzie madden maddox mader madrigal maestre mahler mahmoud mahoney maier maillard
    maillot maldonado malik mallet malone mancini mangold mann manrique mansour manzano marchal marchand
    marchetti marechal mariani marin marini marino maroto marques marquez marquina marrero marshall martel
    martens martin martinelli martinez martini martins marx mascaro massey masson mateos mateu mathews
    mathieu mathis mattes maurer maury maxwell mayer mayoral mayr mazur mazza mcbride mccall mccann mccarthy
    mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcgee mcgrath mcguire mcintosh mcintyre mckay mckee
    mckenzie mckinney mclaughlin mclean mcmahon mcmillan mcneil mcpherson medina medrano mehta meier meijer
    meissner mejia melendez melero melo melzer menard mendes mendez mendonca mendoza menendez menzel mercado
    mercier merino merkel merle merten mertens metzger meunier meyer meyers michaelis michaud michel michels
    middleton mielke millan miller millet miranda mishra mobius mohr molero molina moll moller molloy monge
    monnet monnier monreal monroe montalvo monteiro montero montes montesinos monti montilla montoya mooney
    moore moraes morales moran morcillo moreau moreira morel morelli moreno moretti morgan morin moritz
    morris morrison morrow morse moser mosley moura moya muhlbauer mukherjee mulder mullen muller mullins
    munoz munro murillo murphy murray myers nagel nair narvaez nascimento nasser navarro neal nelson neubauer
    neubert neuhaus neumann neves neveu newman newton nguyen nichols nicholson nicolau nicolet nielsen
    niemann niemeyer nieto nitsche nixon noack nogueira noguera nolan nolte norman norris norton novaes nowak
    nowakowski nunes nunez obrien ochoa oconnor odonnell ojeda olivares oliveira oliver olivier ollivier olmo
    olsen olson oneill opitz ordonez orellana oropeza orozco orr ortega ortiz ortuno osborne osorio oswald
    otero ott otto owen owens ozdemir ozturk pabst pacheco padilla padron palacios palmer palomino palomo
    palumbo pandey pape paredes parisi parker parra pascual pasquier patel patino patterson patton paulsen
    payet payne pearson peck pedraza pedrosa peixoto pelaez pellegrini pellegrino pelletier peltier peralta
    pereira perera perez perkins peron perret perrier perrin perrot perry peters petersen peterson petitjean
    peyre pfeifer pfeiffer pham phelps phillips picard pichon picot pieper pierce pietsch pineau pineda
    pinedo pineiro pinto piras pires pitts pizarro pohl pohlmann poirier poirot pollard poncet pons poole
    popp porras portillo posada postma potier potter pottier poulain powell pratt preston preuss prevost
    prieto probst pruitt pruvost pugh puig pujol quesada quevedo quinn quintana quintero quiroga raab raabe
    rademacher radtke rahman ramirez ramos ramsey randall randolph rangel rapp rasmussen ratcliffe rau
    raymond raynaud rebollo reddy regnier reichel reichert reid reimann reimer reinhardt reiter renard renaud
    renner requena reyes reynaud reynolds rezende ribeiro ribera ricart ricci richards richardson ricken
    riedel rieger riemer rigaud riggs riley rinaldi rios riou riquelme ritter ritz rivas rivera riviere rizzi
    rizzo roach robbins roberts robertson robinson robledo robles rocha roche roda rodier rodrigo rodrigues
    rodriguez roemer rogers rohde roig rojas roldan rolland rollins romer romero romeu rosales rosell rosen
    rosenthal rossetti rossi rossignol rossmann rothe rousseau roussel rousset rowe rowland roy royer ruano
    rubio rudolph rueda ruggiero ruiz runge rupp ruppert russell russo rutherford saavedra sabater sabatier
    sachs sacristan saez sahin salaun salazar salcedo saleh salgado samper sampson samson sanchez sancho
    sander sanders sandoval sanmartin sanna santana santoro santos sanz sarabia sartori sasse sato sauvage
    savary sawyer schaaf schade schaefer schafer schaller scheer scheffler schell schenk scherer schick
    schiller schilling schindler schlegel schlosser schlueter schluter schmid schmidt schmitt schmitz
    schneider schneiders schober scholl scholz schon schone schott schouten schramm schreiber schroder
    schroeder schroeter schroter schubert schuler schulte schultz schultze schulz schulze schumacher schumann
    schurmann schuster schutz schwab schwartz schwarze scott seguin seidel seifert seiler seitz sellers
    senger sepulveda serrano sexton shaffer shah shannon sharma shaw sheldon shelton sheridan sherman shukla
    siebert siegel siemon silva silvestri simmons simms simonet simpson singh singleton siqueira skinner
    sloan smirnov smit smith smits snyder sobrino solana solano soler solis somoza soriano sorrentino sosa
    sotelo soto sousa souza spencer stadler stafford stanley stanton steele steffens steinbach steinmetz
    stenzel stephan stephens stephenson stevens stewart stiller stokes stolz stout strauss strickland strobel
    suarez sullivan sutton suzuki swanson sweeney szymanski takahashi tanaka tanguy tapia tate tavares taylor
    teixeira tejada tejedor tello tena tesch tessier texier thibault thiebaut thiel thiele thomas thompson
    thornton tiedemann tietz todd toribio tormo torralba torrecilla torrens torres toussaint townsend tran
    trautmann travis trejo trevino trillo trujillo tucker turner turpin tyler uhlig ullrich ulrich underwood
    urban uribe urrutia vaillant valdes valdez valentine valentini valenzuela valero vallee vallejo vallet
    valls valverde vance vaquero varela vargas vasquez vaughan vaughn vazquez veenstra velarde velasco
    velasquez velez verdier vergara verhoeven verma vermeulen vetter vial viana vicente vidal vieira vigneron
    villa villain villalba villalobos villanueva villarreal villegas vincent visser vogel vogt voigt voisin
    volk volker volkmann vollmer voss wachter wagner walker wallace walsh walters walther walton walz wang
    ward warner warren watanabe watkins watson watts weaver webb weber webster wegener wegner weidner weigel
    weiland weinberg weise wells wendel wendt wenzel werner westphal wheeler whitaker whitehead wiedemann
    wiegand wiese wiggins wilcox wilhelm wilke wilkerson wilkins wilkinson willems williams williamson willis
    wilson winkler winters wirth wisniewski witt witte wittmann wojcik wolff wolter wolters wong woodard
    woodward wozniak wright wulf wunderlich wurm wyatt xu yadav yamada yamamoto yanez yang yates yildirim
    yildiz yilmaz yoder yoshida yousef yuste zabala zander zapata zarate zeller zhang zhao zheng zhou zhu
    ziegler zielinski zimmerman zimmermann zuniga zurita
    """
)
ENDINGS = word_set(
    """
    acci akis ard aud ault berger chuk cki czyk eau elli enko escu etti ev evic ez hofer huber inger ini lsen
    maier mann mayer meier meyer muller nsen oglu ov ovic ovich poulos rsen schmidt ski sky son tsen ucci
    wicz
    """
)
"""Of many more of them."""
