module worker // a part of the module that the contract is generated into: .ci/contracts/check

go 1.26
