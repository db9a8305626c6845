// Digests against the published vectors: FIPS 180-4's examples, RFC 4231, RFC 4648.

import TestSupport
import Testing
import Wire

@Suite struct DigestTests {
    @Test(arguments: [
        ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
            "a49b2446a02c645bf419f995b67091253a04a259", "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `digests the examples of the standard`(text: String, count: Int, sha1: String, sha256: String) {
        let bytes = Array(String(repeating: text, count: count).utf8)
        #expect(Hex.encode(SHA1.hash(bytes)) == sha1)
        #expect(Hex.encode(SHA256.hash(bytes)) == sha256)
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 300])
    func `digests the same however the bytes are cut`(_ byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = try EverySplit.actions(of: bytes) { pieces in
            var sha1 = SHA1()
            var sha256 = SHA256()
            for piece in pieces {
                sha1.update(piece.span)
                sha256.update(piece.span)
            }
            return [sha1.finalize(), sha256.finalize()]
        }
        #expect(whole == [SHA1.hash(bytes), SHA256.hash(bytes)])
    }

    @Test(arguments: [
        (String(repeating: "0b", count: 20), "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            String(repeating: "aa", count: 131), Hex.encode(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `authenticates the examples of RFC 4231`(key: String, data: String, code: String) throws {
        let hmac = HMACSHA256.code(for: try #require(Hex.decode(data)), key: try #require(Hex.decode(key)))
        #expect(Hex.encode(hmac) == code)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `encodes the examples of RFC 4648`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.encode(Array(text.utf8), alphabet: .url) == unpadded)
        #expect(Base64.decode(unpadded, alphabet: .url) == Array(text.utf8))
    }

    @Test func `knows both alphabets`() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xFF, 0xFE]
        #expect(Base64.encode(bytes) == "++///g==" && Base64.encode(bytes, alphabet: .url) == "--___g")
        #expect(Base64.decode("++///g==") == bytes && Base64.decode("--___g", alphabet: .url) == bytes)
        #expect(Base64.decode("--__", alphabet: .standard) == nil && Base64.decode("++//", alphabet: .url) == nil)
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v=", "=", "====", "Zm9v\n", "Zm 9v", "Zg==Zg==", "Zé=="])
    func `does not decode what it would not write`(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `reads hexadecimal`() {
        #expect(Hex.decode("00ffA5") == [0, 0xFF, 0xA5] && Hex.encode([0, 0xFF, 0xA5]) == "00ffa5")
        #expect(Hex.decode("0") == nil && Hex.decode("0g") == nil && Hex.decode("") == [])
    }

    @Test func `compares secrets`() {
        #expect(ConstantTime.areEqual([1, 2], [1, 2]) && ConstantTime.areEqual([], []))
        #expect(
            !ConstantTime.areEqual([1, 2], [1, 3]) && !ConstantTime.areEqual([1, 2], [2, 2]) && !ConstantTime.areEqual([1], [1, 2]))
    }
}
