import Foundation

/// The kernel's picture in the launcher: tiles in four colours, in which no two neighbours are alike.
enum Logo {
  /// As a vector drawing.
  static let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
      <rect x="2" y="2" width="13.5" height="13.5" rx="2.5" fill="#7a3b8f"/>
      <rect x="17.5" y="2" width="13.5" height="13.5" rx="2.5" fill="#d9679b"/>
      <rect x="33" y="2" width="13.5" height="13.5" rx="2.5" fill="#f2b6c6"/>
      <rect x="48.5" y="2" width="13.5" height="13.5" rx="2.5" fill="#3f6fb0"/>
      <rect x="2" y="17.5" width="13.5" height="13.5" rx="2.5" fill="#f2b6c6"/>
      <rect x="17.5" y="17.5" width="13.5" height="13.5" rx="2.5" fill="#3f6fb0"/>
      <rect x="33" y="17.5" width="13.5" height="13.5" rx="2.5" fill="#7a3b8f"/>
      <rect x="48.5" y="17.5" width="13.5" height="13.5" rx="2.5" fill="#d9679b"/>
      <rect x="2" y="33" width="13.5" height="13.5" rx="2.5" fill="#d9679b"/>
      <rect x="17.5" y="33" width="13.5" height="13.5" rx="2.5" fill="#7a3b8f"/>
      <rect x="33" y="33" width="13.5" height="13.5" rx="2.5" fill="#3f6fb0"/>
      <rect x="48.5" y="33" width="13.5" height="13.5" rx="2.5" fill="#f2b6c6"/>
      <rect x="2" y="48.5" width="13.5" height="13.5" rx="2.5" fill="#3f6fb0"/>
      <rect x="17.5" y="48.5" width="13.5" height="13.5" rx="2.5" fill="#f2b6c6"/>
      <rect x="33" y="48.5" width="13.5" height="13.5" rx="2.5" fill="#d9679b"/>
      <rect x="48.5" y="48.5" width="13.5" height="13.5" rx="2.5" fill="#7a3b8f"/>
    </svg>

    """

  /// The same with 64 × 64 pixels.
  static let png64 = Data(base64Encoded: base64of64) ?? Data()
  /// The same with 32 × 32 pixels.
  static let png32 = Data(base64Encoded: base64of32) ?? Data()

  private static let base64of64 = """
    iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAACqaXHeAAAPBUlEQVR42u2bbYxc1XnH/8855947OzO7M7vsGpOottJCmoSAEgIF\
    ueDF2A40qZqlyvpjDSL4nZgsUqIGVbOjCtSkxbGLwcaAiPtxnShOpSJT1ixLiAulQFUKES+ptG4bbK93Z2bnZefee855+uHOvnpm\
    x7OW7A/dOzofZq7O/d/73HPPef7Pby5Q2xhMGWQELnLr7x+S87/zou9LbZzJCGam2e/MxJmL1+ahhVr9LWgjkxGYp00X7O99Ie2b\
    M9Sofwop/O7MbypPfvKkX+vPDCYC8Yv3HPDWfaU7frpQaKj/e24bdx64P1/3wkbeTRfKpcbaqTX4+J33K5/f+w2fmYmIGGACiK99\
    6ID3h4mb4oXCaQCpuv3lqgSPZjcs0KYMMiKLLGfWPXmNJX4ehFuM1YLrBIdATEQshVMMdPXHf/Mvjzw90ptRG0az+oMHn9mVcL3v\
    B0a3W8vE4Lr9HSktgLd8YR/4wlPf+RTMqLz862sI3vPEuCU0YXSHLuzNggS7jlusVEs/Tv/p+qczmRGVzW7Q67/7811Cxb/PJmgH\
    mJjrnTszSceC6C0lwweG//ZbnyIzSAoZAFlGiP1H293UplIwBSHU7IOx+DDRb7Yr7iaeevT2fR9tGB0Y/o8Hn9nU2ZZ8qqpDEAhK\
    Nh7N2lqsSqTuOVvJ/RTA3QBgtPhp+1XpzaXJ81Cy0WgmMBjMtivV0fnUmeO/+mh13x3Ddz98fJN2E09ZHQBEAAk0GkJsDdxk5z1h\
    aeIogK9nMAiVzWbt3l6kodO3loIpY2EJbBsOQwJgrA1dEVME2ghgWDJtFCSsrwMNgnNB3Badx/npKQbjtlf7DybufPV9gHFbJT9h\
    rLVkbWNtANDQodsWV0pG2pZ4I5G0RgeaCA7s0tpBpcBg3Nq793gqm703rwCgzcQIzJqEkGAwgajJVCIYLARIA4Ak0gALAKJZXwaD\
    QIIB7fhlgiMBsCaQBMBETfozBJgFC6EBgEhormkDRKClOxMgmKBN4BCiTrODndDixrWRYplb7rtoAm69v400me0yznsuyAL/z7eV\
    AKwEYCUAc0lKy7MYCa7lKNy69Dw9omX0jzSJsIzznusjAMDTLjFYcGvHshasarOqAjdZgRcthQALFcQIShKsFdxaDC0BNW20pA0w\
    mFnomCKgdhB4UxXotC9JsmUbMjd7NKyRQioyGK8toeOOVMIyQjl7gY07KxKOgakm2yerSAbABFWVVB3amKbazNZAKWU50gbROCkl\
    AA4vIoZWkHQI1vcmvQoA0FD/kNxybIv54br9O2JO2yFacmmOLk0JhVJQfM9R+q7rV63J/X5nrrOD5Cvd8Y4bAqMbp0IcJdIMRr5a\
    3vnFI9sOA8DUP53a0d7efmiuIzXKZQHHRTk/+V4hrN716+p47h/eiHUWDb/iJtI3WB1iqTyKayegg9LO0f19h/v7hyTNWGEC8aO9\
    +za51LbeWJ/q2xGwEBJCiPPGBEezo9/LcyYjKJu17259IZ1I0lZY7g6sBhYlRxaAIGJPOVwM/Nduenb78IwlJiI+87ORTe3J9vXV\
    sEozSc5idddRAInzulo+2nnvhnwmwyKbJfutvb9IV6W7la3ttlbXSeosCIKF47HxK6+dPPjt4chwzZt7hoZa8NSz1jry8JkWvPys\
    3jwPfyW1aaYgcaXuAlO0Al2J0UdETDw0JGnLFnPZn8Nqaefo3/cdBoAfrtu3I+YkLtv8U6yWd37+yLbDPDsHjIzEpirOWMyN9VQD\
    PwSo6UycuqrHGx8ff2TVn92+b/PA8QHEOp/wSxM+Ile35EwsletYE5wbT4dr+o+9j7AzdVoJZ1VowxBMTVegdi/tTYdTj/z169/b\
    95/fOTLwmfb0E2dKeV8SyWYrUEw5TlWH457vrP3c0furCgAKvhcXsJ42mgA4TUxllD5obQWhpxaRHtbaAiSJSDXJX5jZEDNiwWQy\
    1hV04QxMzLC5KG1mAWONZUTaBPSERltBkCCopbozmHXkHr1yl44DqEbR1oYhhCVqyVkKBmqeHBrUSlpNICIrYwFXZZWJyFJrjni2\
    FkHELWlHOmRtNeSFXmBZnp5ors7QciK7oCq83FoEmJZx3rxSD1gJwEoAVgJwQQBa9+SCeEFdoKXpc867Lc/TR5piWbWEOb3IU4ea\
    4XmKwSYqbzQ9pgWRJWtrntwqgGyUdXKzsgIzYMFQMh5wQiaQR6iYa9pLdI6mbrIEmq1FGOZZbUbTE2eOoIcyrh8FkJlFuu/OAsBv\
    xtNXSSGEcJSi+s0hpRTFXM+FNUIbPhkdhE4yGyGV6xJJIqkaNpAQbjwlQfTGB9kt5T0f7CmT5TeSbocUEEKSoqgt/igSJMmRyrUw\
    ghFpG+KTlq3wlOsqkuQI1bAJCNHd1iGZ6M2vHHi4wJmMEBgcBABIFds6XcidUEJNaGNyWuv8Bc3oHFueJBJjhVJh1+q+O4YzmRH1\
    0v6+YT1d3EUQY8w8yVbnrDH5xY2NzpGQE2G5cCLUuG9mJDpw7isHpRNEYsJakzOs84bNgmatyVlgEhBj02Fp12OvDwyP9GbUjc9u\
    Hy5US7sEYYyBSW1NLrQ6v7hpY3JKiImJ6eKJNkVbAcJgPdfBZ88m8fEknQfQvXhn2jCuvpreHhur3nzzzeFiQvu1bc84pT+4PiYr\
    IZtKoW6CItdeyx/s+XKp3r6DXzqYLJty3X4JWeGYiZNJ/ra6/e0j4YzmTC3j3762zVn72T+KnfWqnPfrH+M6L8FXH9uzQPuCvP3c\
    nmP42C8DAD5cfP1eAlf7MeB//7Wuadv29tuQo3lUZQVlE0f9C/kf7GnwgD69606YsU/q7pPxFEzcQfK3aeDtRdMZAXhmG7rXrkX3\
    2bNAfqEfm72Z13UBxxaqUyaTEYPZLJ/e/dw12ornCbglNEZETv2CPDpC1FIWp0P/R184sv3QDB7/y3V/t9ORbT/QrNthLdXtz8RC\
    SAvGW5Lpgeyphz4FGOt2//Ia15HPg+gWNqHgOqY2WjUES+kWTTj9o9En//zQDB7Pv/j6zrgb/0EQBu2WLdVN64nYkY5l4rcY8oH4\
    5ps+xeAgRf/MyA7yh9uf++fVifSmc+UCpBBLmTlIIRFTDsanS5tvfHb78KO379vkyfjL2oawbDGH0S+cw5ktkm4Hin7+5cdPDdwN\
    AL17j7/kJrs2B6UcaAltMIOEhFAuVFDe/NL+vuEzx3+16equ9MuB70NbUzM79RcDYy2SXd0oTpwbbv+TdV8HQIqyWfvu3nQ6Pp24\
    9fx0hMebImptwrjjKckRoibQRgFpQzOtidhpshZxKZhiFnTbwS8dTDzdvwrI8W1BpWDAltgsoU2A1SaUTpuyxBsBDCtJGyGkrQa+\
    BuA0WwYr+QkG6Nb88VdTnfduiPC4DDxiYA5RN0fcAmARYXFAgBYgamrCBIhIEKwumzKZigsQawIkI9rZ5BoEwIIowuMshAazAEg0\
    ryVEaB5gTY6ixZlgy7ZyBosvD1HPt8O0fDtsLw3Nr3iBlQCsBGAlAHPooeWphC/BDtMl2uGZPstA8/O0BQCImENoFY8zLHNUAq9Z\
    05bwODOLmImRqbrEzAIta0dpfA2TX7w2M2CtgJJzeDwxqSq+F/qKBGs2YW1Nb1hWtgzjSKUYEaImYFwKKQAbMotmC5CVJB1mW510\
    J6tuVwmUd6pEssPChGh6ADaklIKm8WgVxDiUEsw2vIgn2iqpHG20n/L8CI9z/5CkY1vMR9uO7GiPJQ5RLZlsSMYYcKXC+crUe1Ns\
    7vqvXGfu/XOnO0OtXkm67Tdoq2cKFw0LMQygGpZ3Pn5q4DAA9H73+A4VSx4CzdTtG989oRwE5fx77ZLu+ovbqrk/jvV0ppzYK4l0\
    1w0IgyWg1twTUywWd3Z8c91hHppBYzVb+86Dz2xqd731vg7Jch1GRcSuUICg8+USH/3q0ftnAWWm9ydpKd2t1tpuaw0aAU4pPA54\
    +rXHRgeGGRw9jUS8cc/PNkkvvt6GPjEsLb6bBLAQCiTE+ZgJjv7ywL2zYDb3i5G0iiW2gm13EOoFdf/55buYE+Niqfja6m9vGJ6z\
    8rVtqP8yI+p5SPxKas9YNLpSd2FmRbgiow/E1N8/JI8d22J6Hz6+Q7mX/zkEgN9sO7IjfVnnn+mdj596+PDQDB7v3ToSQ6owJpTT\
    Y3QQNk+Q2HjJqzxUc4+8vK9v37l/fH2gp6fnicLEuE8kmgxntjHXc/zAP9e+NrXm/ewxOF2fPe1JZ1VVh0tqEwiG2axOpr3fFfOP\
    fPm5bfv+6vafDLQ5HU8U/bwPNNEmto5wnNDqcVfl12ZHsxEe97v8uGvYYzZEgIPm/9gGa22JuSca2eiB1pZISCKoZnVpbTSBOYaS\
    GysVu5DuQkyzJRCcZlZcAAiNtlTD4wz0GGsscBHaABs2BGYPfsccHldVzURkW3LEBEEU4fEaJr94RE0ECGGhDWu3yrVaf4vaPFuL\
    aEk7+lhfBQvx+KUh7mUg6gV1u2V4eqbl1yJW8PiKG1wJwEoAFgeAlvGX99k6gLg0RI1loPkZLL6sWsRiPC7dkMFQDBhE7xg2q6da\
    gGyExQGyVoHIAmy5eVGBGWwBUggNh14CBMyheVwEmgfZCItHtQiah+abMQlmtiBS07IaLYOZDIvRA30FIrwZYWshlsLbRJKkcl1m\
    IwTTSQDQhk/CGhFzPVfVMHojxC6EEPH0VRKEN3Dn9eU7j+0pg/BGd1uEx5fC24okecp1LVthKMLjDD5pYYQjlStqGL0eWpcU4fGk\
    2yHBePPA6GAhk8kIkcVgNBRc2hpOF0+QkBNsGuBta3LMPMkQY2F1avdL+/uGM5kRtbrvjuHCVG43kRhjy5Pa6Jw2Or+g6RlErSam\
    C/kTUtn7Zm+pFPdNThdPKCEmtDG50Oj84qaNyTF4UhDGctOl3Tc+u314pDejHnt9YLgSlHejhuatNTljTX5h03lrdU6QmKgEpRMO\
    1FaAgGyd1K83M5I258oNkosCUqk1+LD8TuWTJ/f6s4i65q0/OvCid91N19deYK6/pRJJpg1fzdfbl9v7Qvq/g+mGic2aVAqn/v18\
    5Rsn9vozbq72UPJD1z7kfWb1F+MFNH5x25OrOTta/8XtKDPLXMLr80OX8fX5/uW/Pp9BRszPBP8Pwql3Pd+lL54AAAAASUVORK5C\
    YII=
    """
  private static let base64of32 = """
    iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAJvElEQVR42nWXbaxl1VnHf89aa+99zj7n3HPvzHDH4gx2YGbEDhUt\
    VrAmImmLYNMP04ZJYwy1MfpF24LUdIKxTdUoBBFI7ReNacqHhox9SdNKKb5QoiJVaQudQTJDmXYuHegM9+W87XP23mutxw973wvW\
    sr/sZD17rbXzrPX//Z9HaJ+PX/e3u2AMQBlSmVevhAee/sRWGxa9/ZGVU+M1AJY7qZy78Erxtr+/Yw5w7sSJ7v6fuiofbW4pwHDf\
    PuSqyzYBBbj6/Z9e3tMf2lma61K74KP33bQBILfccsIePP+Dv05t+t46VAEwQMxsprNq/sd3Hx2eOPOCPJJYc7AKtaqKWGO045Lp\
    xg9HR6+8/VegCF/0ddX3MQqimiWp1D4833/j8KZf+tRzx3rd3p/WVSECRiE617Hezz+/93z9++5Na2vDysqtouRGDIIQNZLalJHO\
    j22c59nd+eBtG/MJiUkApY6BXfnS3pHdujFUge7yyhXVhZdJE4cAwQf6yyurrG9dVcZ4bJhkb/D1AhGDqKKAwK2jfUt/5Jr8MvHq\
    u16DCghKqGNtQWaKxKIqY9CgQYNpM+jndWURShWFch6jxlDV0bXxGOaFWGcjKrPoK1UNgRgs7f6KTgC2JxhBRABBBFTatwEQwaAS\
    RRAAVZV2rB0RAz8al/Zn1TRLiyAIKIiIaBN3ZSjF2E5U1dD8nQoQVBVBlGgENCBERZXmZgWl2azdJPB/x6KC0mypqmzHm+mKADFU\
    hbjlaPwYer2sb+tYtzOi7aV9tspFYq1WPZNbEWulXd7HYIdZj5chGjHQX7K9RWmtte0WaslzCKPKIEnWHVg0WBEDqhiXURYbPekP\
    vDv+1PHRHb94722+nLy7CnVsMiA6NVVMOnL/8vDAM987//w9S84cngcfAemIYXN0YRQJn+s4C5OLb7VpHNZ1DYImWWoWk43TnbcX\
    z3QecnddLLYWoSoNooKiBoxVvvzk3e8cbZ+Z4/TZayiKJksiQuprOXL1N1Hggw9fcqjXv9yXIwVwWU/OTLY2+dR7TgPcPPiDwwf2\
    7V8pFzMF6Hd68g//88wLz/PpiwLE3/3kW2rSBIkKkNhUOPXgU/L4415OP/xwtqrDx4cru6/18wIjhhgjrj+g2rz4lwc/c+G+n77U\
    nRGX5TGGRkAozqZsSHHz0a89i67s+qoP1U7MiCXEsjg3mR86fu2u2y/JVz4yKmdYMURV+mmHC8XoGzYtrnd7k919qcKVxWQUffDb\
    FyQsJYlNHUd8tjggyZ68nE+80NxcRb3NOymqR7wqVoVFXVZIqyrVmCd5LmZxIDUcmVdlXPgqoFhEtQ61iHJlvrXcdxqCIiyMyBBF\
    RUS0QagBWVhnag1eBTEIpr3HBhTRhgONtDHSUBQVIWhQh61RFs08VRExCmpERNBFTCvdXvA1knrNoyrgaBHx/x8DFvtjQw1HIMqP\
    X1vbuBNrhRhMjOqb+9gcQfuNjSE4lAh4Vd0hIQhEHKIIeFCvKtvWFQEXRZ2gVlV9wwJVEVRVRcCYKhW3FLPFOM7qfHXVsSgaqMXo\
    WFomXphOqHXdutSYJEtbDqEaXZL1iOV0XVXpJD0XVd1OokQQjYQyrCtmstpfccnCOWsMUSM9l7E2fqW2KgsBKP/921elne4NxXSq\
    xgDWkCSpn1f1Fwa//HMX3nr8KzfZtHfIl0VUQYxNRWO9+d83dh967Iav88TP995njFkJ0auI0UQy4+PszJ3fuvORbx+9Z7XfHbyn\
    Uu9iA0n6riNFWTz2phO3nXQA333g6+RZztQvAIMBUnFM5xMAjn7tGZzpUWuJasQaR4yRe/5ixg2P/Sq/8OgcMQkxVIiCy3JCNYNv\
    wRUfeSfdNKGuKwiRGCHv96kWczgB8tJvPtgb98oz+5f2vGHmS4wYQoysdAasjV/67J/96/qfXLFn13PaYrQFF920z/ziuVu/9GtH\
    2JvtfbBajNnxHxFEle+sXbxy7bf2f8ysXvYbjLfAGNAInZzxy+dfWkp6h1wQ7aAkL002vNfGgxRC7b0V4sBmdrcPdVyEhUd3HM4b\
    ESciu01U6nLmy/nYb7urIDFJu45EdhsYsLXhx9NJACyouulUMJKMTdlxMa1UIYqI05YDNC+rSDAqvmWCk5YDqoKCQ8W3I64leAsi\
    IoIx1npUA+BaXVpV1BgRAlFDaP1+O7c/KvOWMPo68UCACK/DEG3UKvo6oGh8xVSpaLfqRNW4wwGR2Lp5xxMSK1ZQDfoqj6IgiErW\
    SL9hTssLFI1inQs+JqCdJqZRadw+qoooHawVVyxvTbXKn1vpDq6dVguMCEGj6aYZ06I4pVHPBq2KPO3lUXfMKEUUJ3JqW/NJ2k13\
    zMhYo/WicGXnbOU5lQ46N+d1bUzLAdfNGW2uP3ehXp82dnz99Y4jt15Th6q95kYSqtr8zQe/qcBBPnDJu37mZy+ftnabdXpy9sW1\
    za9O/uo0AL/3hcOHBssrvpy1dj2UM7PpC3zy1y8ioKeefguVS5pjAfJcOHzgKRHxAnDdh7742yHrvTtW89gkSdSmWUzK8v5/e2Dw\
    5OKf8z/v5NnhuqwiiiSJBTEjrP3odx74F35i1/BuDX5Ya3MCXevM2MfTb7z04J3H/+np63Qht1WxMtvFTmoTE0z48r3/ecffuXd8\
    9B+HfjG9P3NZP7YaVo1k+TIvz37Q4T8GH+sMhn9IUZBIBwRCFbB7LmExvvhfBsvKcPX95yfrONMY01xh2M3YGp19qPZ6/Cd37X7X\
    rJoiYlCUxCRMytHb77rmrs85nU6cOpkt5pOuxlpb5wuItRGtCaShnIVZMYs7pFH80nTsokYDMCpnoagWXrbrASSqBtMVSQWtZ+U0\
    LPw8AFZBK7ECzLZMdM6mufo4NyLYtpUSbRJhUQRFBWwz1Kq+qa3tq4rCCqi0Y42jisHEbbTYlpC2rQuEiMls1gBE0SiqbWWhjUZV\
    FSS2km4lusMDBY1Nga1oAx7d4UVTisedbDSLaQuHtjdq4tvoHIhNXtOXRGdcCqI9TDC2OzCuLLHWoID3ISHrIvUiQ6GbpEYQkxgL\
    CEGj7aUZxNKA9hKTSCmlM80dECeOUsIAwA1fHI9+eGnyoMB7g4Yg2jSQvi41M+YEu5dOTr+3+UTi7MGyrhQVccZotbU5tbl9NARh\
    oxh/14jpVyGIiGpqE1kvJs8fupyTTjhRherNikrb2kU1WJDPP7t/32gHbTfe/sguaBr0XlXIK9NRePozH3i1PT95bmX04osADFeW\
    Ze37J4vLjh2bAzxxy73dy1b35FuLhiNHlvYj9920055/+OqPL3fTPTazLWdY4hNP/s4GwP8Cx9NyTf9ulLoAAAAASUVORK5CYII=
    """
}
